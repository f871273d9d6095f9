import Configuration
import FoundationEssentials
import Glibc
import Platform

/// A file that a command line names, and that a command writes.
enum OutputFile {
    /// Writes a text. A regular file is complete, or unchanged.
    static func write(_ text: String, to path: String) throws {
        let part = path + ".part"
        do {
            try replace(path, by: part, with: Array(text.utf8))
        } catch {
            unlink(part)
            throw CommandFailure(
                .cannotCreate,
                "\(path): cannot be written: \(AccessDenial.reason(path: path, code: error.code))")
        }
    }

    private struct Failure: Error {
        let code: Int32
    }

    private static func replace(_ path: String, by part: String, with content: [UInt8]) throws(Failure) {
        var status = stat()
        // A device, a pipe or a link such as /dev/stdout must not be replaced.
        let isReplaceable = lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        let place = isReplaceable ? part : path
        let file = open(place, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure(code: errno) }
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                Glibc.write(file, bytes.baseAddress.map { $0 + written }, content.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let code = errno
                close(file)
                throw Failure(code: code)
            }
            written += count
        }
        guard close(file) == 0 else { throw Failure(code: errno) }
        guard !isReplaceable || rename(part, path) == 0 else { throw Failure(code: errno) }
    }
}
