package import Cryptography
import Glibc
import Platform

/// The file of the encryption key, readable by its owner alone.
package enum EncryptionKeyFile {
    /// The default path of the key of a database.
    package static func path(forDatabase path: String) -> String { path + ".key" }

    /// The key of a database, from the settings or else from its file.
    ///
    /// - Parameters:
    ///   - base64: the key from the settings.
    ///   - path: the path of the file.
    package static func key(base64: String?, path: String) throws -> EncryptionKey {
        if let base64 { return try EncryptionKey(base64: base64) }
        return try read(at: path)
    }

    /// Creates a new key. Throws when the file exists: a key is never overwritten.
    package static func create(at path: String) throws -> EncryptionKey {
        let key = try EncryptionKey()
        do {
            try SecureFile.create(path, with: Array((key.base64 + "\n").utf8))
        } catch {
            throw StorageError.unusable(path: path, reason: error.reason)
        }
        return key
    }

    /// Reads the key. Refuses a file that others can read.
    package static func read(at path: String) throws -> EncryptionKey {
        let content: [UInt8]
        do {
            content = try SecureFile.readPrivate(path)
        } catch {
            if error.code == EACCES { throw StorageError.unreadable(path: path, reason: error.reason) }
            if error.code == ENOENT { throw StorageError.missingKey(path: path) }
            throw StorageError.unusable(path: path, reason: error.reason)
        }
        return try EncryptionKey(base64: String(decoding: content, as: UTF8.self))
    }
}
