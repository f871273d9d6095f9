import Formats
package import FoundationEssentials

/// Launches of one definition whose workers do not start, by place. They indicate a broken image or definition.
///
/// After `bootFailureLimit` failures in a row a place is held, except for one launch every `bootFailureProbe`. Other
/// places go on.
package struct BootFailures: Hashable, Codable, Sendable {
    /// An instance type in a region: the image of a region may fit some types only.
    package struct Place: Hashable, Codable, Sendable {
        package let region: String
        package let instanceType: String

        package var name: String { "\(region) \(instanceType)" }
    }

    /// The failures in one place, up to its latest launch.
    package struct Record: Hashable, Codable, Sendable {
        package let place: Place
        package let inARow: Int
        /// Of these, the workers that checked in and ended soon.
        package let shortLives: Int
        package let latest: Date
        /// When the next single launch is allowed; nil while launches are not held.
        package let heldUntil: Date?
    }

    /// The places with failures, the longest row first.
    package private(set) var records: [Record] = []
    /// The place in which a single launch is allowed now; nil where none is due.
    package private(set) var probe: Place?
    /// The regions in which two instance types are held, and no worker ever checked in: their image is broken for all types.
    package private(set) var closedRegions: Set<String> = []

    private enum CodingKeys: CodingKey { case records, probe, closedRegions }

    /// - Parameters:
    ///   - launches: the latest launches of the worker type, newest first. Launches of other definitions do not count.
    ///   - tasksAreTaken: whether the pending tasks became fewer since the first of several short lives.
    package init(
        launches: [Launch], of type: WorkerType, tasksAreTaken: Bool = true, now: Date,
        rules: ProvisioningRules
    ) {
        if launches.isEmpty { return }
        let fingerprint = type.definition.fingerprint
        var rows: [Place: Row] = [:]
        for launch in launches where launch.isOf(type, fingerprint: fingerprint) {
            let place = Place(region: launch.pool.region, instanceType: launch.pool.instanceType)
            rows[place, default: Row()].add(
                launch, tasksAreTaken: tasksAreTaken, rules: rules, now: now)
        }
        let held = rows.filter { $0.value.failures >= rules.bootFailureLimit }
        records = rows.compactMap { place, row in
            guard row.failures > 0, let latest = row.latest else { return nil }
            return Record(
                place: place, inARow: row.failures, shortLives: row.shortLives, latest: latest,
                heldUntil: held[place] == nil ? nil : latest.addingTimeInterval(rules.bootFailureProbe))
        }.sorted { ($1.inARow, $0.place.name) < ($0.inARow, $1.place.name) }
        let checkedIn = Set(rows.filter(\.value.isComplete).keys.map(\.region))
        closedRegions = Set(Dictionary(grouping: held.keys, by: \.region).filter { $0.value.count > 1 }.keys)
            .subtracting(checkedIn)
        probe = duePlace(among: held, type.definition, rules: rules, now: now)
    }

    /// Decisions of earlier versions counted failures without their place.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        records = try container.decodeIfPresent([Record].self, forKey: .records) ?? []
        probe = try container.decodeIfPresent(Place.self, forKey: .probe)
        closedRegions = try container.decodeIfPresent(Set<String>.self, forKey: .closedRegions) ?? []
    }

    /// The place of the next probe: the due place whose latest launch is oldest. When every place is held, one probe in
    /// all is allowed at a time.
    private func duePlace(
        among held: [Place: Row], _ definition: WorkerTypeDefinition,
        rules: ProvisioningRules, now: Date
    ) -> Place? {
        let all = definition.regions.flatMap { region in
            definition.instanceTypes.map { Place(region: region.region, instanceType: $0.instanceType) }
        }
        let latestOfAll = held.values.compactMap(\.latest).max()
        if all.allSatisfy({ held[$0] != nil || closedRegions.contains($0.region) }), let latestOfAll,
            now.timeIntervalSince(latestOfAll) < rules.bootFailureProbe
        {
            return nil
        }
        return records.filter { $0.heldUntil.map { $0 <= now } ?? false }
            .min { ($0.latest, $0.place.name) < ($1.latest, $1.place.name) }?.place
    }

    /// Holds on the places that may not be used now.
    ///
    /// - Parameter withProbe: whether the place of the probe is held too.
    package func holds(
        on type: WorkerType, withProbe: Bool, rules: ProvisioningRules, now: Date
    ) -> [Hold] {
        let held = records.filter { $0.heldUntil != nil }
        var reasons = Dictionary(
            held.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        for region in closedRegions {
            guard let first = held.first(where: { $0.place.region == region }) else { continue }
            for instanceType in type.definition.instanceTypes.map(\.instanceType) {
                let place = Place(region: region, instanceType: instanceType)
                if reasons[place] == nil { reasons[place] = first }
            }
        }
        if !withProbe, let probe { reasons[probe] = nil }
        return reasons.map { place, record in
            let end = record.heldUntil ?? now
            return Hold(
                subject: HoldSubject(
                    workerType: type.name, region: place.region, instanceType: place.instanceType),
                until: end > now ? end : now.addingTimeInterval(rules.bootFailureProbe),
                failures: record.inARow, code: "not-checked-in", message: record.reason, since: record.latest)
        }
    }

    /// When the first of the short lives was launched that the latest launches of one place ended in; nil where they are
    /// fewer than `bootFailureLimit`.
    package static func firstShortLife(
        _ launches: [Launch], of type: WorkerType, now: Date, rules: ProvisioningRules
    ) -> Date? {
        func isShort(_ launch: Launch) -> Bool { launch.bootOutcome(now: now, rules: rules) == .shortLived }
        guard launches.contains(where: isShort) else { return nil }
        let failures = BootFailures(
            launches: launches, of: type, tasksAreTaken: false, now: now, rules: rules
        ).records.filter { $0.heldUntil != nil && $0.shortLives > 0 }
        guard let place = failures.first?.place else { return nil }
        return launches.filter {
            $0.pool.region == place.region && $0.pool.instanceType == place.instanceType
                && isShort($0)
        }.prefix(rules.bootFailureLimit).last?.createdAt
    }

    /// Why launches are held or limited.
    package var problems: [Problem] {
        records.filter { $0.heldUntil != nil }.map { record in
            let next =
                record.place == probe
                ? "one is tried now" : "one is tried at \(record.heldUntil?.timestamp ?? "")"
            return Problem(
                .warning,
                "\(record.place.name): \(record.reason); \(next). A check-in or a new definition ends this")
        }
    }

    /// Keeps one bid in the place of the probe.
    ///
    /// - Returns: the bids, and the capacity of the others.
    func limiting(_ bids: [Bid]) -> (kept: [Bid], dropped: Int) {
        guard let probe else { return (bids, 0) }
        var (kept, dropped, isProbed) = ([Bid](), 0, false)
        for bid in bids {
            let isProbe = Place(region: bid.pool.region, instanceType: bid.pool.instanceType) == probe
            if isProbe, isProbed {
                dropped += bid.capacity
            } else {
                isProbed = isProbed || isProbe
                kept.append(bid)
            }
        }
        return (kept, dropped)
    }

    /// The latest consecutive launches of one place, newest first.
    private struct Row {
        var failures = 0
        var shortLives = 0
        /// When the newest launch was stored.
        var latest: Date?
        /// Whether a worker started before these failures.
        private(set) var isComplete = false

        mutating func add(_ launch: Launch, tasksAreTaken: Bool, rules: ProvisioningRules, now: Date) {
            if launch.state != .failed { latest = max(latest ?? launch.createdAt, launch.createdAt) }
            if isComplete { return }
            switch launch.bootOutcome(now: now, rules: rules) {
            case .checkedIn: isComplete = true
            case .shortLived:
                if tasksAreTaken {
                    isComplete = true
                } else {
                    failures += 1
                    shortLives += 1
                }
            case .failed: failures += 1
            case .unknown: break
            }
        }
    }
}

extension BootFailures.Record {
    package var reason: String {
        shortLives == 0
            ? "\(inARow) launches in a row never checked in"
            : "\(inARow) launches in a row never checked in, or ended soon after it without taking a task"
    }
}

extension Launch {
    /// The evidence that a launch gives about its image and definition.
    package enum BootOutcome { case checkedIn, shortLived, failed, unknown }

    /// Whether it was made from the current definition of a worker type.
    func isOf(_ type: WorkerType, fingerprint: String) -> Bool {
        // Launches of earlier versions have no fingerprint.
        definition.map { $0 == fingerprint } ?? (definitionModified == type.lastModified)
    }

    /// Whether its worker started. A launch that EC2 refused, did not fulfil or reclaimed is no evidence.
    package func bootOutcome(now: Date, rules: ProvisioningRules) -> BootOutcome {
        let isOfImage = !(errorCode.map(EC2Codes.isNoBootFailure) ?? false)
        if let checkedInAt {
            guard state == .ended, isOfImage, let endedAt else { return .checkedIn }
            return endedAt.timeIntervalSince(checkedInAt) < rules.shortLife ? .shortLived : .checkedIn
        }
        switch state {
        case .visible: return instanceId != nil && secretExpires <= now ? .failed : .unknown
        case .ended:
            guard instanceId != nil else { return .unknown }
            // This program terminates an instance when its secret has expired.
            let isUnclaimed =
                errorCode == EC2Codes.userShutdown && endedAt.map { $0 >= secretExpires } ?? false
            return isOfImage || isUnclaimed ? .failed : .unknown
        case .stored, .submitted, .failed, .lost: return .unknown
        }
    }
}
