import Domain
import Formats
import FoundationEssentials

/// The JSON form in which processes, containers and instances give credentials.
enum CredentialsDocument {
    /// - Parameters:
    ///   - tokenKey: `SessionToken` of a process, `Token` of the others.
    ///   - source: what gave it, for messages.
    ///   - mayBeOver: whether credentials that have ended are taken: the metadata service gives such ones while it
    ///     cannot get new ones, and AWS honours them.
    static func read(
        _ bytes: some Collection<UInt8>, tokenKey: String, source: String, mayBeOver: Bool = false, now: Date
    ) throws -> AWSCredentials {
        guard let document = (try? JSONValue(parsing: Data(bytes)))?.objectValue else {
            throw CredentialsError(source, "the answer is no JSON object")
        }
        return try read(document, tokenKey: tokenKey, source: source, mayBeOver: mayBeOver, now: now)
    }

    static func read(
        _ document: JSONObject, tokenKey: String, source: String, mayBeOver: Bool = false, now: Date
    ) throws -> AWSCredentials {
        func text(_ key: String) -> String? {
            document[key]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        }
        let missing = ["AccessKeyId", "SecretAccessKey"].filter { text($0) == nil }
        guard missing.isEmpty, let id = text("AccessKeyId"), let secret = text("SecretAccessKey") else {
            let told = [text("Code") ?? text("code"), text("Message") ?? text("message")].compactMap { $0 }
            throw CredentialsError(
                source,
                "the answer lacks \(missing.joined(separator: " and "))"
                    + (told.isEmpty ? "" : " (\(told.joined(separator: ": ").prefix(300)))"))
        }
        var expiration: Date?
        if let value = document["Expiration"], value != .null {
            guard let date = value.stringValue.flatMap(Date.init(timestamp:)) else {
                throw CredentialsError(source, "Expiration is no ISO 8601 time")
            }
            guard mayBeOver || date > now else {
                throw CredentialsError(source, "they ended at \(date.timestamp)")
            }
            expiration = date
        }
        return AWSCredentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: text(tokenKey), expiration: expiration)
    }
}
