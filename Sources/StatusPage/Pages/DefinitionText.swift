import Domain
import Formats
import FoundationEssentials

/// A definition as text, with nothing in it that has the name of a secret.
struct DefinitionText {
    let text: String

    /// - Parameter hasSecrets: whether secrets are stored for it. They are not in `type`.
    init(_ type: WorkerType, hasSecrets: Bool) {
        text = Self.hiding(type.json, sealed: hasSecrets).wrapped()
    }

    /// Hides the members of user data that have the name of a secret. User data is not the place for secrets, but
    /// definitions may have some there.
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
