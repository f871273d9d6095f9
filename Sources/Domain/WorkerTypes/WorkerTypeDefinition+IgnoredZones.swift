extension WorkerTypeDefinition {
    /// The zones of regions that the definition does not list. They have no effect, as in the original service.
    package var ignoredZones: [AvailabilityZoneConfiguration] {
        let listed = Set(regions.map(\.region))
        return availabilityZones.filter { !listed.contains($0.region) }
    }

    /// A note that names the ignored zones; nil when there are none.
    package var ignoredZonesNote: String? {
        let zones = Dictionary(grouping: ignoredZones, by: \.region)
        guard !zones.isEmpty else { return nil }
        let names = zones.sorted { $0.key < $1.key }.map { region, zones in
            "\(region) (\(zones.map(\.availabilityZone).joined(separator: ", ")))"
        }
        return "availabilityZones: zones of regions that the definition does not list are ignored: "
            + names.joined(separator: "; ")
    }
}
