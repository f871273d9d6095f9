package import FoundationEssentials

/// There is no `Decodable` conformance: a decoder has to try one type after another, and its errors copy the coding
/// path. `init(parsing:)` reads documents, and types that contain a `JSONValue` read theirs from one.
extension JSONValue: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue {
    /// Parses a document that comes from outside, by RFC 8259, in time linear in its length.
    ///
    /// - Parameters:
    ///   - maximumDepth: the number of arrays and objects within each other.
    ///   - maximumValues: the number of values of all kinds. It bounds the memory of a document of short ones.
    package init(
        parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 64, maximumValues: Int = .max
    ) throws(JSONParsingError) {
        var parser = JSONParser(
            Array(bytes), maximumDepth: maximumDepth, maximumValues: maximumValues)
        self = try parser.parse()
    }

    /// The document as UTF-8 with sorted keys: equal documents are equal bytes.
    package func serialized(pretty: Bool = false) throws -> Data {
        var writer = JSONWriter(pretty ? .pretty : .compact)
        try writer.write(self)
        return Data(writer.bytes)
    }

    /// The length of `serialized()` in bytes; 0 when the value cannot be written.
    package var serializedSize: Int {
        var writer = JSONWriter()
        return (try? writer.write(self)) == nil ? 0 : writer.bytes.count
    }
}
