/// The subject of a hold: the launches with these properties. A property that is nil does not restrict the subject.
package struct HoldSubject: Hashable, Encodable, Sendable {
    package var workerType: String?
    package var market: Market?
    package var region: String?
    package var zone: String?
    package var subnet: String?
    package var instanceType: String?
    package var quotaClass: QuotaClass?

    package init(
        workerType: String? = nil, market: Market? = nil, region: String? = nil, zone: String? = nil,
        subnet: String? = nil, instanceType: String? = nil, quotaClass: QuotaClass? = nil
    ) {
        self.workerType = workerType
        self.market = market
        self.region = region
        self.zone = zone
        self.subnet = subnet
        self.instanceType = instanceType
        self.quotaClass = quotaClass
    }

    /// One market of a pool.
    package static func pool(_ pool: Pool, _ market: Market) -> HoldSubject {
        HoldSubject(
            market: market, region: pool.region, zone: pool.availabilityZone, instanceType: pool.instanceType)
    }

    /// The instance types of one quota class in one market of a region.
    package static func quota(_ quotaClass: QuotaClass, _ market: Market, region: String) -> HoldSubject {
        HoldSubject(market: market, region: region, quotaClass: quotaClass)
    }

    package static func region(_ region: String) -> HoldSubject { HoldSubject(region: region) }

    package static func workerType(_ name: String, region: String? = nil) -> HoldSubject {
        HoldSubject(workerType: name, region: region)
    }

    /// Whether a launch belongs to the subject.
    package func covers(_ target: LaunchTarget) -> Bool {
        (workerType == nil || workerType == target.workerType) && (market == nil || market == target.market)
            && (region == nil || region == target.pool.region)
            && (zone == nil || zone == target.pool.availabilityZone)
            && (subnet == nil || subnet == target.subnet)
            && (instanceType == nil || instanceType == target.pool.instanceType)
            && (quotaClass == nil || quotaClass == target.quotaClass)
    }

    /// Whether every launch of a worker type belongs to the subject.
    package func coversAll(ofWorkerType name: String) -> Bool { self == .workerType(name) }
}

extension HoldSubject {
    /// The subject for display.
    package var name: String {
        var words: [String] = []
        if let quotaClass {
            words.append("quota \(quotaClass.rawValue) \(market?.label ?? "") in \(region ?? "all regions")")
        } else {
            let place = subnet ?? zone ?? (instanceType == nil || region != nil ? region : nil)
            if let place { words.append(place) }
            if let instanceType {
                words.append(place == nil ? "instance type \(instanceType)" : instanceType)
            }
            switch (market, place, instanceType) {
            case (.spot, _, .some), (nil, _, _): break
            case (.onDemand, _, .some): words.append("on demand")
            case (let market?, let place?, nil): words = ["\(market.label) in \(place)"]
            case (let market?, nil, nil): words.append("\(market.label) in the account")
            }
        }
        if let workerType {
            words.append(words.isEmpty ? "worker type \(workerType)" : "for worker type \(workerType)")
        }
        return words.joined(separator: " ")
    }

    /// The kind of the subject in metrics.
    package var kind: String {
        let place: String? =
            if quotaClass != nil {
                "quota"
            } else if subnet != nil {
                "subnet"
            } else if instanceType != nil {
                zone == nil ? "instance_type" : market == .onDemand ? "on_demand_pool" : "pool"
            } else if zone != nil {
                "zone"
            } else if region != nil {
                "region"
            } else {
                market.map { _ in "market" }
            }
        return [workerType.map { _ in "worker_type" }, place].compactMap(\.self).joined(separator: "_")
    }

    /// The kinds of the subjects of `HoldRule`.
    package static let kinds = [
        "pool", "on_demand_pool", "zone", "subnet", "quota", "region", "market", "worker_type",
        "worker_type_region", "worker_type_zone", "worker_type_instance_type", "worker_type_pool",
        "worker_type_on_demand_pool",
    ]
}

extension Market {
    /// The market in a sentence.
    fileprivate var label: String { self == .spot ? "spot" : "on demand" }
}
