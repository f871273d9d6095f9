public import Cryptography
import Glibc
import Platform

/// The file beside the database that holds the encryption key, readable by its owner alone.
public enum EncryptionKeyFile {
    /// Where the key of a database is kept unless a setting says otherwise.
    public static func path(forDatabase path: String) -> String { path + ".key" }

    /// The key of a database: the one that is given, else the one in its file.
    ///
    /// - Parameters:
    ///   - base64: the key itself, from the settings.
    ///   - path: of its file.
    public static func key(base64: String?, path: String) throws -> EncryptionKey {
        if let base64 { return try EncryptionKey(base64: base64) }
        return try read(at: path)
    }

    /// Makes a new key. Throws when the file is there already: a key is never overwritten.
    public static func create(at path: String) throws -> EncryptionKey {
        let key = try EncryptionKey()
        let file = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StorageError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        let bytes = Array((key.base64 + "\n").utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw StorageError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        return key
    }

    /// Reads the key; refuses a file that others may read.
    public static func read(at path: String) throws -> EncryptionKey {
        // Opened first: what is checked is the file that is read, whatever happens to its name. Without waiting for the
        // writer of a named pipe.
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw StorageError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw StorageError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError.unusable(path: path, reason: "it is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw StorageError.unusable(path: path, reason: "others may read it; `chmod 600` it")
        }
        guard let content = SmallFile.read(descriptor: file) else {
            throw StorageError.unusable(path: path, reason: "it cannot be read")
        }
        return try EncryptionKey(base64: String(decoding: content, as: UTF8.self))
    }
}
