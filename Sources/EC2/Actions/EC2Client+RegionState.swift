import AWS
package import Domain
import Formats
package import FoundationEssentials

extension EC2Client {
    /// Reads the deployment's instances and spot requests in a region, and the available zones, concurrently. Throws when
    /// any of these calls fails.
    package func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState {
        let owner = (name: "tag:" + Ownership.Tag.owner, values: [ownership.provisionerId])
        async let tagged = describeInstances(filters: [owner], region: region)
        // The key pair identifies instances whose tags EC2 does not show.
        async let keyed = describeInstances(
            filters: [
                ("key-name", [ownership.keyPrefix + "*"]),
                ("instance-state-name", ["pending", "running", "shutting-down", "stopping", "stopped"]),
            ], region: region)
        // EC2 shows closed and cancelled requests for 48 hours: in a busy account they are most of the response.
        let current = (name: "state", values: ["open", "active", "failed"])
        async let requests = describeSpotInstanceRequests(filters: [owner, current], region: region)
        async let zones = availabilityZones(region: region)
        var instances = try await tagged
        instances += try await keyed
        let spotRequests = try await requests
        instances += try await fulfilling(
            spotRequests, beside: Set(instances.map(\.id)), region: region)
        let (names, respondedAt) = try await zones
        var state = RegionState(
            region: region, instances: instances, spotRequests: spotRequests, availabilityZones: names,
            fetchedAt: now)
        state.respondedAt = respondedAt
        return state
    }

    /// Reads the instances of active spot requests that are not known yet: they do not inherit the tags of the request.
    private func fulfilling(
        _ requests: [SpotRequest], beside known: Set<String>, region: String
    ) async throws -> [Instance] {
        let active = requests.filter { $0.state == .active }.compactMap(\.instanceId)
        return try await instances(Set(active).subtracting(known).sorted(), region: region)
    }

    /// Returns the names of the zones in state `available`, and the time of the response by EC2's clock.
    func availabilityZones(region: String) async throws -> (names: [String], respondedAt: Date?) {
        var parameters = QueryParameters()
        parameters.add(filters: [("state", ["available"])])
        let response = try await call(
            .describeAvailabilityZones, parameters, region: region,
            records: Records(
                path: ["availabilityZoneInfo", "item"], names: ["zoneName", "zoneState", "regionName"]
            ) { record in
                record.text("zoneState") == "available" && record.text("regionName") ?? region == region
                    ? record.text("zoneName") : nil
            }
        )
        return (response.items.sorted(), response.date)
    }
}
