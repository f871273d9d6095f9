public import Domain
public import FoundationEssentials

/// The data and scopes that a worker gets for its security token.
public struct SecretContent: Hashable, Encodable, Sendable {
    public var secrets: JSONObject
    public var scopes: [String]

    public init(secrets: JSONObject, scopes: [String]) {
        self.secrets = secrets
        self.scopes = scopes
    }

    /// Reads the stored form.
    init(stored document: JSONValue) throws {
        guard let object = document.objectValue, let secrets = object["secrets"]?.objectValue,
            let scopes = object["scopes"]?.stringList
        else { throw StorageError.corrupt(what: "secrets", reason: "not the JSON that it should be") }
        self.init(secrets: secrets, scopes: scopes)
    }
}

extension JSONValue {
    /// The strings of a list that has nothing else.
    fileprivate var stringList: [String]? {
        guard let values = arrayValue else { return nil }
        let strings = values.compactMap(\.stringValue)
        return strings.count == values.count ? strings : nil
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
