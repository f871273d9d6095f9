import AWS
package import Domain
import Formats
import FoundationEssentials

extension EC2Client {
    /// Returns the spot requests in a region that match the filters, in any state.
    func describeSpotInstanceRequests(
        filters: [(name: String, values: [String])], region: String
    ) async throws -> [SpotRequest] {
        var parameters = QueryParameters()
        parameters.add(filters: filters)
        return try await pages(
            .describeSpotInstanceRequests, parameters, region: region,
            records: Self.spotRequests(region: region))
    }

    /// Returns the spot requests with these ids, in any state. EC2 may not show all of them.
    package func spotRequests(_ ids: [String], region: String) async throws -> [SpotRequest] {
        var found: [SpotRequest] = []
        // A filter has at most 200 values, and accepts ids that EC2 does not know.
        for start in stride(from: 0, to: ids.count, by: 200) {
            let some = Array(ids[start..<min(start + 200, ids.count)])
            found += try await describeSpotInstanceRequests(
                filters: [("spot-instance-request-id", some)], region: region)
        }
        return found
    }

    static func spotRequests(region: String) -> Records<SpotRequest> {
        Records(
            path: ["spotInstanceRequestSet", "item"],
            names: [
                "spotInstanceRequestId", "state", "status", "code", "createTime", "instanceId",
                "launchedAvailabilityZone", "launchSpecification", "imageId", "instanceType", "keyName",
                "placement",
                "availabilityZone", "tagSet", "item", "key", "value",
            ]
        ) { record in
            guard let id = record.text("spotInstanceRequestId"), let name = record.text("state"),
                let state = SpotRequest.State(rawValue: name), let time = record.text("createTime"),
                let created = Date(timestamp: time)
            else { throw XMLError(description: "a spot request lacks its id, state or time") }
            return SpotRequest(
                id: id, region: region,
                availabilityZone: record.text("launchedAvailabilityZone")
                    ?? record.text("launchSpecification", "placement", "availabilityZone"),
                instanceType: record.text("launchSpecification", "instanceType") ?? "",
                imageId: record.text("launchSpecification", "imageId") ?? "", state: state,
                statusCode: record.text("status", "code") ?? "", createTime: created,
                instanceId: record.text("instanceId").flatMap { $0.isEmpty ? nil : $0 },
                keyName: record.text("launchSpecification", "keyName"), tags: record.tags())
        }
    }
}
