import AWS
package import Domain
import Formats

extension EC2Client {
    /// Returns the instances in a region that match the filters.
    func describeInstances(
        filters: [(name: String, values: [String])], region: String
    ) async throws -> [Instance] {
        var parameters = QueryParameters()
        parameters.add(filters: filters)
        return try await pages(
            .describeInstances, parameters, region: region, records: Self.instances(region: region))
    }

    /// Returns the instances with these ids. EC2 may not show all of them.
    package func instances(_ ids: [String], region: String) async throws -> [Instance] {
        var found: [Instance] = []
        // A filter has at most 200 values. Unlike a list of ids, it accepts ids that EC2 does not show yet.
        for start in stride(from: 0, to: ids.count, by: 200) {
            let some = Array(ids[start..<min(start + 200, ids.count)])
            found += try await describeInstances(filters: [("instance-id", some)], region: region)
        }
        return found
    }

    /// Reads the instances of one response to DescribeInstances.
    package static func readInstances(_ response: [UInt8], region: String) throws -> [Instance] {
        try read(response, action: .describeInstances, instances(region: region)).items
    }

    /// The records of a response to DescribeInstances.
    static func instances(region: String) -> Records<Instance> {
        Records(path: ["reservationSet", "item", "instancesSet", "item"], names: instanceNames) { record in
            try Instance(record, region: region)
        }
    }

    static let instanceNames = [
        "instanceId", "imageId", "instanceState", "name", "keyName", "instanceType", "launchTime",
        "placement", "availabilityZone", "stateReason", "code", "spotInstanceRequestId", "clientToken",
        "instanceLifecycle",
        "tagSet", "item",
        "key", "value", "blockDeviceMapping", "ebs", "volumeId",
    ]
}
