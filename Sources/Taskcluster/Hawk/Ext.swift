import Domain
import Formats
import FoundationEssentials

/// The members of Hawk's `ext`: base64 of a JSON object.
struct Ext {
    /// The number of arrays and objects within each other.
    static let maximumDepth = 8

    let certificate: Certificate?
    /// Nil when the caller does not restrict its scopes.
    let authorizedScopes: [String]?

    /// - Parameter text: nil when the request has no `ext`.
    init(_ text: String?) throws(AuthenticationFailure) {
        var members: JSONObject = [:]
        if let text {
            guard let data = Data(base64Encoded: text),
                let object = try? JSONValue(parsing: data, maximumDepth: Self.maximumDepth).objectValue
            else { throw AuthenticationFailure("ext is not the base64 of a JSON object") }
            members = object
        }
        certificate = if let value = members["certificate"] { try Certificate(value) } else { nil }
        guard let value = members["authorizedScopes"] else {
            authorizedScopes = nil
            return
        }
        guard let list = value.arrayValue, list.allSatisfy({ $0.stringValue != nil }) else {
            throw AuthenticationFailure("ext.authorizedScopes must be an array of strings")
        }
        let scopes = list.compactMap(\.stringValue)
        guard scopes.allSatisfy(Scopes.isValid) else {
            throw AuthenticationFailure("ext.authorizedScopes must be printable ASCII")
        }
        authorizedScopes = scopes
    }
}
