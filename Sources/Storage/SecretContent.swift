public import Domain
public import FoundationEssentials

/// The data and scopes that a worker gets for its security token.
public struct SecretContent: Hashable, Codable, Sendable {
    public var secrets: JSONObject
    public var scopes: [String]

    public init(secrets: JSONObject, scopes: [String]) {
        self.secrets = secrets
        self.scopes = scopes
    }
}

/// The certificate of worker credentials that are issued for a secret.
public struct IssuedCertificate: Hashable, Sendable {
    public let seed: String
    public let expires: Date

    public init(seed: String, expires: Date) {
        self.seed = seed
        self.expires = expires
    }
}
