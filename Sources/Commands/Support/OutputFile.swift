import Configuration
import FoundationEssentials
import Glibc
import Platform
import SystemPackage

/// A file that a command line names, and that a command writes.
enum OutputFile {
    /// Writes a text. A regular file is complete, or unchanged.
    static func write(_ text: String, to path: String) throws {
        let part = path + ".part"
        do throws(Errno) {
            try replace(path, by: part, with: Array(text.utf8))
        } catch {
            unlink(part)
            throw CommandFailure(
                .cannotCreate,
                "\(path): cannot be written: \(AccessDenial.reason(path: path, code: error.rawValue))")
        }
    }

    private static func replace(_ path: String, by part: String, with content: [UInt8]) throws(Errno) {
        let status = try? FilePath(path).stat(followTargetSymlink: false)
        // A device, a pipe or a link such as /dev/stdout must not be replaced.
        let isReplaceable = status.map { $0.type == .regular } ?? true
        try Errno.of {
            let file = try FileDescriptor.open(
                isReplaceable ? part : path, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            _ = try file.closeAfter { try file.writeAll(content) }
        }
        guard !isReplaceable || rename(part, path) == 0 else { throw Errno(rawValue: errno) }
    }
}
