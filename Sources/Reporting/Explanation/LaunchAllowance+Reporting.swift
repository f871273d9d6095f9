import Domain
import Formats

extension LaunchAllowance {
    var lines: [String] {
        let parts = [
            capacity.map { "capacity \($0)" }, instances.map { "\($0) instances" },
        ].compactMap(\.self)
        guard !parts.isEmpty else { return [] }
        return ["the limits over all worker types leave \(parts.joined(separator: " and ")) for it"]
    }

    var json: JSONValue {
        [
            "capacityLeft": capacity.map { .integer(Int64($0)) } ?? .null,
            "instancesLeft": instances.map { .integer(Int64($0)) } ?? .null,
        ]
    }
}
