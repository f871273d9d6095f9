import AWS
package import Domain
import Formats
package import FoundationEssentials

extension EC2Client {
    /// Our instances and spot requests in a region, and its available zones, all asked for at once. A failure of
    /// any part is a failure of the whole.
    package func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState {
        let owner = (name: "tag:" + Ownership.Tag.owner, values: [ownership.provisionerId])
        async let tagged = describeInstances(filters: [owner], region: region)
        // Instances whose tags were not set, or not yet: known by their key pair.
        async let keyed = describeInstances(
            filters: [
                ("key-name", [ownership.keyPrefix + "*"]),
                ("instance-state-name", ["pending", "running", "shutting-down", "stopping", "stopped"]),
            ], region: region)
        async let requests = describeSpotInstanceRequests(filters: [owner], region: region)
        async let zones = availabilityZones(region: region)
        // Pages that change while they are read can show an item twice: the later one counts, and once.
        var instances = try await tagged
        instances += try await keyed
        let spotRequests = try await requests.latest(by: \.id)
        instances += try await fulfilling(
            spotRequests, beside: Set(instances.map(\.id)), region: region)
        return RegionState(
            region: region, instances: instances.latest(by: \.id), spotRequests: spotRequests,
            availabilityZones: try await zones, fetchedAt: now)
    }

    /// The instances that fulfil requests of ours and did not inherit their tags.
    private func fulfilling(
        _ requests: [SpotRequest], beside known: Set<String>, region: String
    ) async throws -> [Instance] {
        let missing = requests.filter { $0.state == .active }.compactMap(\.instanceId)
            .filter { !known.contains($0) }
        return try await instances(missing, region: region)
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

extension Array {
    /// Of elements with the same id the last one, in the order of their first.
    fileprivate func latest(by id: (Element) -> String) -> [Element] {
        var places: [String: Int] = [:]
        return reduce(into: []) { result, element in
            if let place = places[id(element)] {
                result[place] = element
            } else {
                places[id(element)] = result.count
                result.append(element)
            }
        }
    }
}
