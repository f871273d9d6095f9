package import Domain
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
            let time = record.text("launchTime"), let launchTime = EC2Time.parse(time)
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

/// EC2's form of a time, `2026-11-24T04:13:05.000Z`: always in UTC and of fixed width, so that it is read without
/// a formatter, 20,000 times in an answer.
enum EC2Time {
    static func parse(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            return bytes[range].reduce(0) { value, byte in
                guard let value, (0x30...0x39).contains(byte) else { return nil }
                return value * 10 + Int(byte - 0x30)
            }
        }
        guard bytes.count >= 20, bytes[10] == 0x54, bytes.last == 0x5a, let year = number(0..<4),
            let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19)
        else { return Date(timestamp: text) }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61 else {
            return nil
        }
        // Days since 1970 of the Gregorian calendar, with years that begin in March.
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let milliseconds = bytes.count == 24 ? number(20..<23) ?? 0 : 0
        return Date(
            timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second)
                + Double(milliseconds) / 1000)
    }
}
