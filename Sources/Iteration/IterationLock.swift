import Domain
package import FoundationEssentials
import Glibc
import Platform

/// Keeps iterations one at a time: an advisory lock on a file beside the database, which the kernel frees when the
/// process dies, however it dies.
package struct IterationLock: ~Copyable {
    private let file: SecureFile

    /// Another iteration is under way.
    package struct Held: Error, CustomStringConvertible, Sendable {
        /// Who holds the lock and since when, as it wrote itself into the file.
        package let holder: String

        package var description: String { "another iteration is under way: \(holder)" }
    }

    /// The lock file cannot be made.
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
            throw Held(holder: holder.isEmpty ? "its process has not said which" : holder)
        }
        let text = Array("process \(getpid()) since \(now.timestamp)".utf8)
        _ = ftruncate(file.descriptor, 0)
        _ = pwrite(file.descriptor, text, text.count, 0)
        self.file = file
    }

    deinit {
        _ = ftruncate(file.descriptor, 0)
        // A process that is being forked off at this moment may hold the file open as well: closing is not enough.
        flock(file.descriptor, LOCK_UN)
    }

    private static func read(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(file, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
