import Domain
import Formats
package import FoundationEssentials
import Glibc
import Platform
import SystemPackage

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
        guard flock(file.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(file.descriptor)
            throw InUse(holder: holder.isEmpty ? "process unknown" : holder)
        }
        let text = Array("process \(getpid()) since \(now.timestamp)".utf8)
        try? file.descriptor.resize(to: 0)
        _ = try? file.descriptor.writeAll(toAbsoluteOffset: 0, text)
        self.file = file
    }

    deinit {
        try? file.descriptor.resize(to: 0)
        // A concurrently forked process can inherit the descriptor, so closing the file may not release the lock.
        flock(file.descriptor.rawValue, LOCK_UN)
    }

    private static func read(_ file: FileDescriptor) -> String {
        String(decoding: (try? file.content(limit: 200)) ?? [], as: UTF8.self)
    }
}
