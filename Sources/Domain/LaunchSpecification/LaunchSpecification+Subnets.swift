import Formats

extension LaunchSpecification {
    /// Collects the subnets that apply to more than one zone.
    static func checkSubnets(_ definition: WorkerTypeDefinition, _ notes: ProblemCollector) {
        // Few definitions name subnets, and a definition may have thousands of pools.
        let layers = definition.launchSpecLayers.map(\.specification)
        guard layers.contains(where: { $0["SubnetId"] != nil || $0["NetworkInterfaces"] != nil }) else {
            return
        }
        var zones = SubnetZones(definition)
        for pool in definition.previewPools where !notes.isFull {
            zones.add(PoolLayers(definition, pool: pool).specification, of: pool)
        }
        for problem in zones.problems { notes.note(.rule, "SubnetId \(problem.subnet)", problem.text) }
    }
}

/// The zones to which the subnets of launch specifications apply. A subnet belongs to one zone: EC2 refuses a launch in
/// another zone with it.
struct SubnetZones {
    /// The regions of which the definition names zones. It allows all zones of the others.
    private let named: Set<String>
    private var zones: [String: Set<String>] = [:]
    private var ofWholeRegion: Set<String> = []

    init(_ definition: WorkerTypeDefinition) { named = Set(definition.availabilityZones.map(\.region)) }

    /// Adds the subnets of the merged specification of a pool.
    mutating func add(_ specification: JSONObject, of pool: Pool) {
        let hasZones = named.contains(pool.region)
        let interfaces = specification["NetworkInterfaces"]?.arrayValue ?? []
        let values = [specification["SubnetId"]] + interfaces.map { $0.objectValue?["SubnetId"] }
        for subnet in values.compactMap({ $0?.stringValue })
        where !subnet.isEmpty && subnet.utf8.count <= DocumentLimits.launchStringSize {
            let place = hasZones ? pool.availabilityZone : "every zone of \(pool.region)"
            zones[subnet, default: []].insert(place)
            if !hasZones { ofWholeRegion.insert(subnet) }
        }
    }

    /// The subnets that apply to more than one zone.
    var problems: [(subnet: String, text: String)] {
        zones.sorted(by: { $0.key < $1.key }).filter { subnet, places in
            places.count > 1 || ofWholeRegion.contains(subnet)
        }.map { subnet, places in
            (
                subnet,
                "applies to \(places.sorted().joined(separator: ", ")), and a subnet belongs to one zone: list the zone "
                    + "in availabilityZones, with SubnetId in its launchSpec"
            )
        }
    }
}
