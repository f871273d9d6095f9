import Formats

extension LaunchSpecification {
    /// Collects the subnets that apply to more than one zone. A subnet belongs to one zone: EC2 refuses a launch in
    /// another zone with it.
    static func checkSubnets(_ definition: WorkerTypeDefinition, _ notes: ProblemCollector) {
        let named = Set(definition.availabilityZones.map(\.region))
        var zones: [String: Set<String>] = [:]
        var ofWholeRegion: Set<String> = []
        for pool in definition.previewPools where !notes.isFull {
            let hasZones = named.contains(pool.region)
            for subnet in subnets(PoolLayers(definition, pool: pool).specification) {
                // A region without named zones allows all its zones.
                let place = hasZones ? pool.availabilityZone : "every zone of \(pool.region)"
                zones[subnet, default: []].insert(place)
                if !hasZones { ofWholeRegion.insert(subnet) }
            }
        }
        for (subnet, places) in zones.sorted(by: { $0.key < $1.key })
        where places.count > 1 || ofWholeRegion.contains(subnet) {
            notes.note(
                .rule, "SubnetId \(subnet)",
                "applies to \(places.sorted().joined(separator: ", ")), and a subnet belongs to one zone: list the zone "
                    + "in availabilityZones, with SubnetId in its launchSpec")
        }
    }

    /// The subnets that a merged specification names.
    private static func subnets(_ specification: JSONObject) -> Set<String> {
        let interfaces = specification["NetworkInterfaces"]?.arrayValue ?? []
        let subnets =
            [specification["SubnetId"]] + interfaces.map { $0.objectValue?["SubnetId"] }
        return Set(
            subnets.compactMap { $0?.stringValue }.filter {
                !$0.isEmpty && $0.utf8.count <= DocumentLimits.launchStringSize
            })
    }
}
