import Formats
import FoundationEssentials

/// The JSON in columns. Keys are sorted, so that equal values have equal texts.
enum JSONCoding {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .millisecondsSince1970
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Reads a document that contains JSON from outside.
    static func parse(_ text: some Sequence<UInt8>, what: String) throws -> JSONValue {
        do throws(JSONParsingError) {
            return try JSONValue(parsing: text)
        } catch {
            throw StorageError.corrupt(what: what, reason: "\(error)")
        }
    }

    /// Reads a value of a type of this program that contains no JSON from outside.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from text: some Sequence<UInt8>, what: String
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .millisecondsSince1970
        do {
            return try decoder.decode(type, from: Data(text))
        } catch {
            // A decoding error may quote the value, which may be a secret.
            throw StorageError.corrupt(what: what, reason: "unexpected JSON")
        }
    }
}
