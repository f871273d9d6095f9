package import Glibc
package import SystemPackage

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

        /// Calls functions of SystemPackage.
        static func of<Value>(_ path: String, _ body: () throws -> Value) throws(Failure) -> Value {
            do throws(Errno) {
                return try Errno.of(body)
            } catch {
                throw Failure(path, code: error.rawValue)
            }
        }
    }

    package enum Access: Sendable { case reading, writing }

    package let path: String
    package let descriptor: FileDescriptor

    private init(path: String, descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    // MARK: Opening

    /// Opens a file that exists.
    package static func open(existing path: String, for access: Access) throws(Failure) -> SecureFile {
        // Without blocking: a FIFO in the file's place would hold the process.
        let descriptor = try Failure.of(path) {
            try FileDescriptor.open(
                path, access == .writing ? .readWrite : .readOnly,
                options: [.nonBlocking, .noFollow, .closeOnExec])
        }
        let file = SecureFile(path: path, descriptor: descriptor)
        let status = try file.status()
        guard status.type == .regular else { throw Failure(path, "is not a regular file") }
        let owner = status.userID.rawValue
        guard owner == geteuid() else {
            throw Failure(path, "belongs to user \(owner), not to user \(geteuid()), who runs this")
        }
        guard status.linkCount == 1 else {
            throw Failure(path, "has \(status.linkCount) hard links: replace it by a copy")
        }
        return file
    }

    /// Creates a file. Throws with the code `EEXIST` when anything exists at the path.
    package static func create(_ path: String, mode: mode_t = 0o600) throws(Failure) -> SecureFile {
        let descriptor = try Failure.of(path) {
            try FileDescriptor.open(
                path, .readWrite, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: FilePermissions(rawValue: mode))
        }
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
        guard status.permissions.isDisjoint(with: [.groupReadWriteExecute, .otherReadWriteExecute]) else {
            throw Failure(path, "others may read or write it; `chmod 600` it")
        }
        do throws(Errno) {
            return try file.descriptor.content(limit: limit)
        } catch {
            if error == .fileTooLarge { throw Failure(path, "is longer than \(limit) bytes") }
            throw Failure(path, code: error.rawValue)
        }
    }

    /// Creates a file with a content. Nothing is left at the path when that fails.
    ///
    /// - Parameter mode: the permissions, which the process's umask does not change.
    package static func create(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws(Failure) {
        let file = try create(path)
        do throws(Failure) {
            try file.write(bytes)
            guard fchmod(file.descriptor.rawValue, mode) == 0 else { throw Failure(path, code: errno) }
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
    package func status() throws(Failure) -> Stat { try Failure.of(path) { try descriptor.stat() } }

    /// Whether the path still leads to this file.
    package var isAtPath: Bool {
        guard let opened = try? descriptor.stat(),
            let named = try? FilePath(path).stat(followTargetSymlink: false)
        else { return false }
        return opened.deviceID == named.deviceID && opened.inode == named.inode
    }

    /// Writes all bytes.
    package func write(_ bytes: [UInt8]) throws(Failure) {
        _ = try Failure.of(path) { try descriptor.writeAll(bytes) }
    }

    /// Waits until the content is on the disk.
    package func synchronize() throws(Failure) {
        guard fsync(descriptor.rawValue) == 0 else { throw Failure(path, code: errno) }
    }
}
