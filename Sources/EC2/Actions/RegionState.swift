import AWS
package import Domain
import Formats
package import FoundationEssentials

extension EC2Client {
    /// Reads our instances and spot requests in a region, and its available zones, all at once. A failure of any part
    /// fails the whole call.
    package func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState {
        let owner = (name: "tag:" + Ownership.Tag.owner, values: [ownership.provisionerId])
        async let tagged = describeInstances(filters: [owner], region: region)
        // Instances whose tags EC2 does not show, or not yet: found by their key pair.
        async let keyed = describeInstances(
            filters: [
                ("key-name", [ownership.keyPrefix + "*"]),
                ("instance-state-name", ["pending", "running", "shutting-down", "stopping", "stopped"]),
            ], region: region)
        async let requests = describeSpotInstanceRequests(filters: [owner], region: region)
        async let zones = availabilityZones(region: region)
        var instances = try await tagged
        instances += try await keyed
        let spotRequests = try await requests
        instances += try await fulfilling(
            spotRequests, beside: Set(instances.map(\.id)), region: region)
        return RegionState(
            region: region, instances: instances, spotRequests: spotRequests,
            availabilityZones: try await zones, fetchedAt: now)
    }

    /// Reads the instances that fulfil our requests and did not inherit their tags.
    private func fulfilling(
        _ requests: [SpotRequest], beside known: Set<String>, region: String
    ) async throws -> [Instance] {
        let active = requests.filter { $0.state == .active }.compactMap(\.instanceId)
        return try await instances(Set(active).subtracting(known).sorted(), region: region)
    }

    /// The names of the zones in state `available`.
    func availabilityZones(region: String) async throws -> [String] {
        var parameters = QueryParameters()
        parameters.add(filters: [("state", ["available"])])
        return try await call(
            .describeAvailabilityZones, parameters, region: region,
            records: Records(
                path: ["availabilityZoneInfo", "item"], names: ["zoneName", "zoneState", "regionName"]
            ) { record in
                record.text("zoneState") == "available" && record.text("regionName") ?? region == region
                    ? record.text("zoneName") : nil
            }
        ).items.sorted()
    }
}
