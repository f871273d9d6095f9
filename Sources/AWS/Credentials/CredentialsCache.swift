import Cryptography
import Domain
import Formats
import FoundationEssentials
import Platform
import Synchronization

/// Credentials that end, kept in memory and in a file for the next invocation, so that a minute's cron does not ask STS
/// or the metadata service each time.
///
/// The file is its owner's alone, and replaced as a whole. Each entry is found by a hash of all that tells its source
/// from every other. A file that is broken, or that sourceCredentials else could have written, is as good as none; one that
/// cannot be written costs a fetch the next time, and nothing else.
final class CredentialsCache: Sendable {
    private let path: String?
    private let entries: Mutex<[String: AWSCredentials]?> = Mutex(nil)

    /// - Parameter path: of the file; nil to keep them in memory alone.
    init(path: String?) { self.path = path }

    subscript(identity: [String]) -> AWSCredentials? {
        guard let key = try? Self.key(identity) else { return nil }
        return entries.withLock { entries in load(&entries)[key] }
    }

    /// Keeps credentials that end; others are not worth it.
    func store(_ credentials: AWSCredentials, for identity: [String], now: Date) {
        guard credentials.expiration != nil, credentials.isFresh(at: now), let key = try? Self.key(identity)
        else { return }
        entries.withLock { entries in
            // Another process may have added its own meanwhile.
            entries = nil
            var all = load(&entries).filter { $0.value.outlast(now) }
            all[key] = credentials
            entries = all
            write(all)
        }
    }

    /// Forgets credentials that turned out to have ended.
    func remove(_ credentials: AWSCredentials) {
        entries.withLock { entries in
            let all = load(&entries).filter { $0.value.accessKeyId != credentials.accessKeyId }
            entries = all
            write(all)
        }
    }

    private static func key(_ identity: [String]) throws -> String {
        // The lengths keep ["ab", "c"] from being ["a", "bc"].
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
