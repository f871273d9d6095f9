import Domain
import Formats
package import FoundationEssentials
import Glibc
import Platform

/// An advisory file lock beside the database that prevents concurrent iterations. The kernel releases it when the
/// process ends for any reason.
package struct IterationLock: ~Copyable {
    private let file: SecureFile

    /// Another iteration is under way.
    package struct InUse: Error, CustomStringConvertible, Sendable {
        /// The process that holds the lock and its start time, as written in the lock file.
        package let holder: String

        package var description: String { "another iteration is under way: \(holder)" }
    }

    /// The lock file cannot be opened or created.
    package struct Unusable: Error, CustomStringConvertible, Sendable {
        package let path: String
        package let reason: String

        package var description: String { "cannot use the lock file \(path): \(reason)" }
    }

    /// Takes the lock, without waiting for it.
    package init(database path: String, now: Date) throws {
        let file: SecureFile
        do {
            file = try SecureFile.openOrCreate(path + ".lock")
        } catch {
            throw Unusable(path: error.path, reason: error.reason)
        }
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(file.descriptor)
            throw InUse(holder: holder.isEmpty ? "process unknown" : holder)
        }
        let text = Array("process \(getpid()) since \(now.timestamp)".utf8)
        _ = ftruncate(file.descriptor, 0)
        _ = pwrite(file.descriptor, text, text.count, 0)
        self.file = file
    }

    deinit {
        _ = ftruncate(file.descriptor, 0)
        // A concurrently forked process can inherit the descriptor, so closing the file may not release the lock.
        flock(file.descriptor, LOCK_UN)
    }

    private static func read(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(file, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
