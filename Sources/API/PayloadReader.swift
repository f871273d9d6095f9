import Domain
import Formats

/// Reads the JSON object of a body.
enum PayloadReader {
    static func read(_ bytes: [UInt8], contentType: String) throws -> JSONValue {
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        guard type == "application/json" else {
            throw APIError(.malformedPayload, "Payload must be JSON with content-type: application/json")
        }
        let value: JSONValue
        do throws(JSONParsingError) {
            value = try JSONValue(parsing: bytes, maximumValues: DocumentLimits.bodyValues)
        } catch {
            throw APIError(.malformedPayload, "The payload is not JSON: \(error)")
        }
        guard value.objectValue != nil else {
            throw APIError(.malformedPayload, "The payload is not a JSON object")
        }
        return value
    }
}
