import AWS
package import Domain
import Formats
import FoundationEssentials

extension EC2Client {
    /// All instances in a region that some filters let through.
    func describeInstances(
        filters: [(name: String, values: [String])], region: String
    ) async throws -> [Instance] {
        var parameters = QueryParameters()
        parameters.add(filters: filters)
        return try await pages(
            .describeInstances, parameters, region: region, records: Self.instances(region: region))
    }

    /// The instances of these ids, those left out that EC2 does not show.
    package func instances(_ ids: [String], region: String) async throws -> [Instance] {
        var found: [Instance] = []
        // A filter takes 200 values; an id that EC2 does not show yet is no error in a filter.
        for start in stride(from: 0, to: ids.count, by: 200) {
            let some = Array(ids[start..<min(start + 200, ids.count)])
            found += try await describeInstances(filters: [("instance-id", some)], region: region)
        }
        return found
    }

    /// The instances in one answer to DescribeInstances.
    package static func readInstances(_ answer: [UInt8], region: String) throws -> [Instance] {
        try read(answer, action: .describeInstances, instances(region: region)).items
    }

    /// How instances stand in an answer to DescribeInstances.
    static func instances(region: String) -> Records<Instance> {
        Records(path: ["reservationSet", "item", "instancesSet", "item"], names: instanceNames) { record in
            try Instance(record, region: region)
        }
    }

    static let instanceNames = [
        "instanceId", "imageId", "instanceState", "name", "keyName", "instanceType", "launchTime",
        "placement",
        "availabilityZone", "stateReason", "code", "spotInstanceRequestId", "clientToken", "tagSet", "item",
        "key",
        "value", "blockDeviceMapping", "ebs", "volumeId",
    ]
}

extension Instance {
    init(_ record: XMLRecord, region: String) throws {
        guard let id = record.text("instanceId"), let type = record.text("instanceType"),
            let name = record.text("instanceState", "name"), let state = State(rawValue: name),
            let time = record.text("launchTime"), let launchTime = Date(timestamp: time)
        else { throw XMLError(description: "an instance lacks its id, type, state or launch time") }
        func nonEmpty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        let tags = record.tags()
        self.init(
            id: id,
            pool: Pool(
                region: region, availabilityZone: record.text("placement", "availabilityZone") ?? "",
                instanceType: type),
            imageId: record.text("imageId") ?? "", state: state, launchTime: launchTime,
            spotRequestId: nonEmpty(record.text("spotInstanceRequestId")),
            keyName: nonEmpty(record.text("keyName")), clientToken: nonEmpty(record.text("clientToken")),
            stateReason: nonEmpty(record.text("stateReason", "code")), tags: tags,
            volumeIds: tags[Ownership.Tag.launchId] == nil ? record.volumeIds() : [])
    }
}

extension XMLRecord {
    /// The volumes of a record's `blockDeviceMapping`.
    func volumeIds() -> [String] {
        guard let mapping = first("blockDeviceMapping", in: 0) else { return [] }
        return children(of: mapping, named: "item").compactMap { item in
            first("ebs", in: item).flatMap { text("volumeId", in: $0) }
        }
    }

    /// The `tagSet` of a record.
    func tags() -> [String: String] {
        guard let set = first("tagSet", in: 0) else { return [:] }
        var tags: [String: String] = [:]
        for item in children(of: set, named: "item") {
            if let key = text("key", in: item) { tags[key] = text("value", in: item) ?? "" }
        }
        return tags
    }
}
