import Domain
import Formats

/// The payload of a request as an error shows it: without secrets and tokens.
///
/// The values of members that the schema does not name are hidden as well, because a misspelt member may be a secret.
enum ShownPayload {
    private static let hidden = JSONDifference.hidden

    /// - Parameter schema: the schema of the payload; nil for any JSON.
    static func document(_ payload: JSONValue, _ schema: Schema?) -> JSONValue {
        shown(payload, schema.map { .object($0.content) } ?? [:])
    }

    private static func shown(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
        let schema = resolve(schema)
        switch value {
        case .object(let object):
            guard isAllowed("object", schema) else { return hidden }
            let properties = schema["properties"]?.objectValue ?? [:]
            let isClosed = schema["additionalProperties"] == false
            return .object(
                object.reduce(into: [:]) { shown, member in
                    if isSecret(member.key) || isClosed && properties[member.key] == nil {
                        shown[member.key] = hidden
                    } else {
                        shown[member.key] = Self.shown(member.value, properties[member.key] ?? [:])
                    }
                })
        case .array(let values):
            guard isAllowed("array", schema) else { return hidden }
            return .array(values.map { shown($0, schema["items"] ?? [:]) })
        default: return value
        }
    }

    private static func isSecret(_ key: String) -> Bool { key == "secrets" || key == "token" }

    /// Whether a schema permits a type.
    private static func isAllowed(_ type: String, _ schema: JSONObject) -> Bool {
        schema["type"].map { $0 == .string(type) } ?? true
    }

    /// Returns the schema itself, or the schema that its reference names.
    private static func resolve(_ schema: JSONValue) -> JSONObject {
        let object = schema.objectValue ?? [:]
        guard let reference = object["$ref"]?.stringValue else { return object }
        return Schema.referenced(by: reference)?.content ?? Schema.nothing
    }
}
