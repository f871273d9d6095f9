import Domain
import FoundationEssentials

/// A definition as text, with nothing in it that has the name of a secret.
struct DefinitionText {
    let text: String

    /// - Parameter hasSecrets: whether secrets are stored for it. They are not in `type`.
    init(_ type: WorkerType, hasSecrets: Bool) {
        text = Self.write(Self.hiding(type.json, sealed: hasSecrets), indent: "")
    }

    /// The definition's own secrets are sealed elsewhere; user data is no place for one, which keeps nobody from
    /// putting it there.
    private static func hiding(_ value: JSONValue, sealed: Bool) -> JSONValue {
        switch value {
        case .object(let object):
            var shown: JSONObject = [:]
            for (key, member) in object {
                if key == "secrets" {
                    shown[key] = sealed || member != .object([:]) ? "(hidden)" : member
                } else {
                    shown[key] = isSecret(key) ? "(hidden)" : hiding(member, sealed: sealed)
                }
            }
            return .object(shown)
        case .array(let values): return .array(values.map { hiding($0, sealed: sealed) })
        default: return value
        }
    }

    /// JSON with what fits on one line on one line.
    private static func write(_ value: JSONValue, indent: String) -> String {
        let short = (try? value.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "null"
        if indent.count + short.count <= 88 && indent != "" { return short }
        let deeper = indent + "  "
        switch value {
        case .object(let object):
            let members = object.sorted { $0.key < $1.key }.map { key, member in
                deeper + write(.string(key), indent: " ") + ": " + write(member, indent: deeper)
            }
            return "{\n" + members.joined(separator: ",\n") + "\n\(indent)}"
        case .array(let values):
            let elements = values.map { deeper + write($0, indent: deeper) }
            return "[\n" + elements.joined(separator: ",\n") + "\n\(indent)]"
        default: return short
        }
    }

    private static func isSecret(_ key: String) -> Bool {
        let name = key.lowercased()
        return ["secret", "token", "password", "passphrase", "credential", "privatekey", "accesskey"].contains
        {
            name.contains($0)
        }
    }
}
