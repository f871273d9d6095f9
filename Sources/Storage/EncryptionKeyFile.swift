package import Cryptography
import Platform

/// The file beside the database that holds the encryption key, readable by its owner alone.
package enum EncryptionKeyFile {
    /// Where the key of a database is kept unless a setting says otherwise.
    package static func path(forDatabase path: String) -> String { path + ".key" }

    /// The key of a database: the one that is given, else the one in its file.
    ///
    /// - Parameters:
    ///   - base64: the key itself, from the settings.
    ///   - path: of its file.
    package static func key(base64: String?, path: String) throws -> EncryptionKey {
        if let base64 { return try EncryptionKey(base64: base64) }
        return try read(at: path)
    }

    /// Makes a new key. Throws when the file is there already: a key is never overwritten.
    package static func create(at path: String) throws -> EncryptionKey {
        let key = try EncryptionKey()
        do {
            try SecureFile.create(path, with: Array((key.base64 + "\n").utf8))
        } catch {
            throw StorageError.unusable(path: path, reason: error.reason)
        }
        return key
    }

    /// Reads the key; refuses a file that others may read.
    package static func read(at path: String) throws -> EncryptionKey {
        let content: [UInt8]
        do {
            content = try SecureFile.readPrivate(path)
        } catch {
            throw StorageError.unusable(path: path, reason: error.reason)
        }
        return try EncryptionKey(base64: String(decoding: content, as: UTF8.self))
    }
}
