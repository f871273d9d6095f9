/// The parameters of one call in EC2's query protocol.
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

    /// The body of the call: names and values percent-encoded, a space as `+`, as the AWS SDKs do.
    package var body: [UInt8] {
        var bytes: [UInt8] = []
        for (index, pair) in pairs.enumerated() {
            if index > 0 { bytes.append(0x26) }
            Self.encode(pair.name, to: &bytes)
            bytes.append(0x3d)
            Self.encode(pair.value, to: &bytes)
        }
        return bytes
    }

    private static func encode(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case 0x20: bytes.append(0x2b)
            case 0x41...0x5a, 0x61...0x7a, 0x30...0x39, 0x2d, 0x2e, 0x5f, 0x7e: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
