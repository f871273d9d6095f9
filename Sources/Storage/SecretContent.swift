import Domain
package import Formats
package import FoundationEssentials

/// The data and scopes that a worker gets for its security token.
package struct SecretContent: Hashable, Encodable, Sendable {
    package var secrets: JSONObject
    package var scopes: [String]

    package init(secrets: JSONObject, scopes: [String]) {
        self.secrets = secrets
        self.scopes = scopes
    }

    /// Reads the stored form.
    init(stored document: JSONValue) throws {
        guard let object = document.objectValue, let secrets = object["secrets"]?.objectValue,
            let scopes = object["scopes"]?.stringList
        else { throw StorageError.corrupt(what: "secrets", reason: "unexpected JSON") }
        self.init(secrets: secrets, scopes: scopes)
    }
}

extension JSONValue {
    /// The elements of a list of strings; nil for other values.
    fileprivate var stringList: [String]? {
        guard let values = arrayValue else { return nil }
        let strings = values.compactMap(\.stringValue)
        return strings.count == values.count ? strings : nil
    }
}

/// The certificate of worker credentials that are issued for a secret.
package struct IssuedCertificate: Hashable, Sendable {
    package let seed: String
    package let expires: Date

    package init(seed: String, expires: Date) {
        self.seed = seed
        self.expires = expires
    }
}
