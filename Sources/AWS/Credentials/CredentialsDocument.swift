import Domain
import Formats
import FoundationEssentials

/// The JSON document in which processes, containers and instances provide credentials.
enum CredentialsDocument {
    /// - Parameters:
    ///   - tokenKey: `SessionToken` for a process, `Token` for the others.
    ///   - source: the source's name in messages.
    ///   - acceptsExpired: whether expired credentials are accepted. The metadata service provides them while it cannot
    ///     get new ones, and AWS accepts them.
    static func read(
        _ bytes: some Collection<UInt8>, tokenKey: String, source: String, acceptsExpired: Bool = false,
        now: Date
    ) throws -> AWSCredentials {
        guard let document = (try? JSONValue(parsing: Data(bytes)))?.objectValue else {
            throw CredentialsError(source, "the response is not a JSON object")
        }
        return try read(
            document, tokenKey: tokenKey, source: source, acceptsExpired: acceptsExpired, now: now)
    }

    static func read(
        _ document: JSONObject, tokenKey: String, source: String, acceptsExpired: Bool = false, now: Date
    ) throws -> AWSCredentials {
        func text(_ key: String) -> String? {
            document[key]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        }
        let missing = ["AccessKeyId", "SecretAccessKey"].filter { text($0) == nil }
        guard missing.isEmpty, let id = text("AccessKeyId"), let secret = text("SecretAccessKey") else {
            let details = [text("Code") ?? text("code"), text("Message") ?? text("message")].compactMap { $0 }
            throw CredentialsError(
                source,
                "the response lacks \(missing.joined(separator: " and "))"
                    + (details.isEmpty ? "" : " (\(details.joined(separator: ": ").prefix(300)))"))
        }
        var expiration: Date?
        if let value = document["Expiration"], value != .null {
            guard let date = value.stringValue.flatMap(Date.init(timestamp:)) else {
                throw CredentialsError(source, "Expiration is not an ISO 8601 time")
            }
            guard acceptsExpired || date > now else {
                throw CredentialsError(source, "the credentials expired at \(date.timestamp)")
            }
            expiration = date
        }
        return AWSCredentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: text(tokenKey), expiration: expiration)
    }
}
