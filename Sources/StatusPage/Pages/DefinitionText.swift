import Domain
import Formats
import FoundationEssentials

/// A definition as text, without its secrets and without values whose names suggest secrets.
struct DefinitionText {
    let text: String

    /// - Parameter hasSecrets: whether the database contains secrets of the worker type. `type` does not contain them.
    init(_ type: WorkerType, hasSecrets: Bool) {
        text = Self.hiding(type.json, sealed: hasSecrets).wrapped()
    }

    /// Hides members whose names suggest secrets. The user data of some definitions contains secrets, although `secrets`
    /// is meant for them.
    private static func hiding(_ value: JSONValue, sealed: Bool) -> JSONValue {
        switch value {
        case .object(let object):
            var shown: JSONObject = [:]
            for (key, member) in object {
                if key == "secrets" {
                    shown[key] = sealed || member != .object([:]) ? JSONDifference.hidden : member
                } else {
                    shown[key] = isSecret(key) ? JSONDifference.hidden : hiding(member, sealed: sealed)
                }
            }
            return .object(shown)
        case .array(let values): return .array(values.map { hiding($0, sealed: sealed) })
        default: return value
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
