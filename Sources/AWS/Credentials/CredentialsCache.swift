import Cryptography
import Domain
import Formats
import FoundationEssentials
import Platform
import Synchronization

/// A cache of temporary credentials in memory and in a file, so that an invocation each minute does not call STS or the
/// metadata service each time.
///
/// Only the owner may read the file, which is replaced atomically. The key of an entry is a hash of the identity of its
/// source. A file that is malformed, or that another user could have written, is ignored. A file that cannot be written
/// costs another request in the next invocation.
final class CredentialsCache: Sendable {
    private let path: String?
    private let entries: Mutex<[String: AWSCredentials]?> = Mutex(nil)

    /// - Parameter path: the path of the file; nil for a cache in memory only.
    init(path: String?) { self.path = path }

    subscript(identity: [String]) -> AWSCredentials? {
        guard let key = try? Self.key(identity) else { return nil }
        return entries.withLock { entries in load(&entries)[key] }
    }

    /// Stores credentials that expire; ignores others.
    func store(_ credentials: AWSCredentials, for identity: [String], now: Date) {
        guard credentials.expiration != nil, credentials.isFresh(at: now), let key = try? Self.key(identity)
        else { return }
        entries.withLock { entries in
            // Another process may have added entries.
            entries = nil
            var all = load(&entries).filter { $0.value.isValid(at: now) }
            all[key] = credentials
            entries = all
            write(all)
        }
    }

    /// Removes credentials that have expired.
    func remove(_ credentials: AWSCredentials) {
        entries.withLock { entries in
            let all = load(&entries).filter { $0.value.accessKeyId != credentials.accessKeyId }
            entries = all
            write(all)
        }
    }

    private static func key(_ identity: [String]) throws -> String {
        // The lengths distinguish ["ab", "c"] from ["a", "bc"].
        let text = identity.map { "\($0.utf8.count):\($0)" }.joined()
        return try SHA256.hash(text.utf8).hexadecimal
    }

    // MARK: The file

    private func load(_ entries: inout [String: AWSCredentials]?) -> [String: AWSCredentials] {
        if let entries { return entries }
        let read = path.flatMap(Self.read) ?? [:]
        entries = read
        return read
    }

    private static func read(_ path: String) -> [String: AWSCredentials]? {
        guard let bytes = try? SecureFile.readPrivate(path),
            let document = (try? JSONValue(parsing: Data(bytes)))?.objectValue
        else { return nil }
        return document["credentials"]?.objectValue?.compactMapValues(AWSCredentials.init(cached:))
    }

    private func write(_ entries: [String: AWSCredentials]) {
        guard let path,
            let data = try? JSONValue.object([
                "credentials": .object(entries.mapValues(\.cached))
            ]).serialized()
        else { return }
        try? SecureFile.replace(path, with: Array(data))
    }
}

extension AWSCredentials {
    fileprivate init?(cached: JSONValue) {
        let entry = cached.objectValue ?? [:]
        guard let id = entry["accessKeyId"]?.stringValue, let secret = entry["secretAccessKey"]?.stringValue,
            let expiration = entry["expiration"]?.stringValue.flatMap(Date.init(timestamp:))
        else { return nil }
        self.init(
            accessKeyId: id, secretAccessKey: secret, sessionToken: entry["sessionToken"]?.stringValue,
            expiration: expiration)
    }

    fileprivate var cached: JSONValue {
        [
            "accessKeyId": .string(accessKeyId), "secretAccessKey": .string(secretAccessKey),
            "sessionToken": sessionToken.map(JSONValue.string) ?? .null,
            "expiration": expiration.map { .string($0.timestamp) } ?? .null,
        ]
    }
}
