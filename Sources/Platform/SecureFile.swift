package import Glibc

/// A file of this process's user, opened without following a link.
///
/// All files that the programs create or replace are opened here: the owner of a folder can put a link to a file of
/// another user in their place. An existing file is examined after it is opened: it is a regular file with one link, and
/// belongs to this user. Owner and permissions are changed through the descriptor only, never through the path.
package struct SecureFile: ~Copyable {
    /// The file cannot be used.
    package struct Failure: Error, CustomStringConvertible, Sendable {
        package let path: String
        package let reason: String
        /// The error number of the system; 0 for a file that was opened and refused.
        package let code: Int32

        package var description: String { "\(path): \(reason)" }

        init(_ path: String, _ reason: String) {
            (self.path, self.reason, code) = (path, reason, 0)
        }

        init(_ path: String, code: Int32) {
            self.path = path
            self.code = code
            reason =
                code == ELOOP ? "is a symbolic link: remove it" : AccessDenial.reason(path: path, code: code)
        }
    }

    package enum Access: Sendable { case reading, writing }

    package let path: String
    package let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    // MARK: Opening

    /// Opens a file that exists.
    package static func open(existing path: String, for access: Access) throws(Failure) -> SecureFile {
        // Without blocking: a FIFO in the file's place would hold the process.
        let flags = (access == .writing ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC
        let descriptor = Glibc.open(path, flags)
        guard descriptor >= 0 else { throw Failure(path, code: errno) }
        let file = SecureFile(path: path, descriptor: descriptor)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(path, "is not a regular file") }
        guard status.st_uid == geteuid() else {
            throw Failure(path, "belongs to user \(status.st_uid), not to user \(geteuid()), who runs this")
        }
        guard status.st_nlink == 1 else {
            throw Failure(path, "has \(status.st_nlink) hard links: replace it by a copy")
        }
        return file
    }

    /// Creates a file. Throws with the code `EEXIST` when anything exists at the path.
    package static func create(_ path: String, mode: mode_t = 0o600) throws(Failure) -> SecureFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = Glibc.open(path, flags, mode)
        guard descriptor >= 0 else { throw Failure(path, code: errno) }
        return SecureFile(path: path, descriptor: descriptor)
    }

    /// Opens a file for writing, and creates it when nothing exists at the path.
    package static func openOrCreate(_ path: String, mode: mode_t = 0o600) throws(Failure) -> SecureFile {
        do throws(Failure) {
            return try create(path, mode: mode)
        } catch {
            guard error.code == EEXIST else { throw error }
            return try open(existing: path, for: .writing)
        }
    }

    // MARK: Whole files

    /// The content of a file that only its owner may read.
    ///
    /// - Parameter limit: the size above which the file is refused. Bytes.
    package static func readPrivate(_ path: String, limit: Int = 1 << 20) throws(Failure) -> [UInt8] {
        let file = try open(existing: path, for: .reading)
        let status = try file.status()
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(path, "others may read or write it; `chmod 600` it")
        }
        guard status.st_size <= limit else { throw Failure(path, "is longer than \(limit) bytes") }
        return try file.content(limit: limit)
    }

    /// Creates a file with a content. Nothing is left at the path when that fails.
    ///
    /// - Parameter mode: the permissions, which the process's umask does not change.
    package static func create(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws(Failure) {
        let file = try create(path)
        do throws(Failure) {
            try file.write(bytes)
            guard fchmod(file.descriptor, mode) == 0 else { throw Failure(path, code: errno) }
            try file.synchronize()
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Replaces a file at once: a reader sees the old content or the new content. A link in the file's place is replaced,
    /// and its target is not changed.
    ///
    /// - Parameter mode: the permissions, which the process's umask does not change.
    package static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws(Failure) {
        let number = String(UInt64.random(in: .min ... .max), radix: 16)
        let draft = "\(path).\(getpid()).\(number).draft"
        do throws(Failure) {
            try create(draft, with: bytes, mode: mode)
        } catch {
            throw Failure(path, code: error.code)
        }
        guard rename(draft, path) == 0 else {
            let code = errno
            unlink(draft)
            throw Failure(path, code: code)
        }
    }

    // MARK: Content

    /// The permissions, the owner and the size.
    package func status() throws(Failure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure(path, code: errno) }
        return status
    }

    /// Whether the path still leads to this file.
    package var isAtPath: Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_dev == named.st_dev
            && opened.st_ino == named.st_ino
    }

    /// Writes all bytes.
    package func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(path, code: count < 0 ? errno : EIO) }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until the content is on the disk.
    package func synchronize() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Failure(path, code: errno) }
    }

    private func content(limit: Int) throws(Failure) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while content.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return content }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(path, code: errno) }
            content += chunk.prefix(count)
        }
        throw Failure(path, "is longer than \(limit) bytes")
    }
}
