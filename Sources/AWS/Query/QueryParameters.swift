import Formats

/// The parameters of one call in AWS's query protocol.
package struct QueryParameters {
    package private(set) var pairs: [(name: String, value: String)] = []

    package init() {}

    package mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) }
    }

    package mutating func add(_ name: String, _ value: Int) { pairs.append((name, String(value))) }

    /// `Name.1`, `Name.2` and so on.
    package mutating func add(list name: String, _ values: some Sequence<String>) {
        for (index, value) in values.enumerated() { add("\(name).\(index + 1)", value) }
    }

    /// `Filter.N.Name` and `Filter.N.Value.M`.
    package mutating func add(filters: [(name: String, values: [String])]) {
        for (index, filter) in filters.enumerated() {
            add("Filter.\(index + 1).Name", filter.name)
            add(list: "Filter.\(index + 1).Value", filter.values)
        }
    }

    /// `Prefix.Tag.N.Key` and `Prefix.Tag.N.Value`, by key.
    package mutating func add(tags: [String: String], prefix: String) {
        for (index, tag) in tags.sorted(by: { $0.key < $1.key }).enumerated() {
            add("\(prefix)Tag.\(index + 1).Key", tag.key)
            add("\(prefix)Tag.\(index + 1).Value", tag.value)
        }
    }

    /// The form-encoded request body, with `+` for a space like the AWS SDKs.
    package var body: [UInt8] {
        var bytes: [UInt8] = []
        for (index, pair) in pairs.enumerated() {
            if index > 0 { bytes.append(0x26) }
            PercentEncoding.append(pair.name, to: &bytes, spaceAsPlus: true)
            bytes.append(0x3d)
            PercentEncoding.append(pair.value, to: &bytes, spaceAsPlus: true)
        }
        return bytes
    }
}
