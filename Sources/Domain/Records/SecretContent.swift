package import Formats

/// The data and scopes that a worker gets for its security token.
package struct SecretContent: Hashable, Encodable, Sendable {
    package var secrets: JSONObject
    package var scopes: [String]

    package init(secrets: JSONObject, scopes: [String]) {
        self.secrets = secrets
        self.scopes = scopes
    }
}
