import Configuration
import Glibc
import Platform

/// A file that a command line names, plain or gzip; `-` is standard input.
enum InputFile {
    /// The name of a file up to its first dot; nil for an empty path.
    static func stem(_ path: String) -> String? {
        path.split(separator: "/").last.map { String($0.split(separator: ".", maxSplits: 1).first ?? $0) }
    }

    /// The largest size of a file after decompression, in bytes.
    private static let limit = 2_000_000_000

    static func read(_ path: String) throws -> [UInt8] {
        let file = path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw CommandFailure(.noInput, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        // A pipe has no position to look at: its compressed content shows after it is read.
        var start: [UInt8] = [0, 0]
        if pread(file, &start, start.count, 0) == start.count, isGzip(start) {
            return try decompressed(file, path)
        }
        let content = try read(file, path)
        guard !isGzip(content) else {
            throw CommandFailure(
                .dataError, "\(path): a pipe must not be compressed; decompress it with gzip -dc")
        }
        return content
    }

    /// Whether content starts with the magic number of gzip. Source: RFC 1952, section 2.3.1.
    private static func isGzip(_ content: [UInt8]) -> Bool { content.starts(with: [0x1f, 0x8b]) }

    /// Reads a compressed file with the program gzip.
    private static func decompressed(_ file: Int32, _ path: String) throws -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFailure(.unavailable, "\(path): no pipe: \(String(cString: strerror(errno)))")
        }
        let (reading, writing) = (ends[0], ends[1])
        var gzip = ProcessLauncher(["gzip", "-dc"])
        (gzip.input, gzip.output, gzip.errors) = (.descriptor(file), .descriptor(writing), .none)
        let started = Result { () throws(ProcessLauncher.Failure) in try gzip.start() }
        close(writing)
        let content = Result { try read(reading, path) }
        // gzip ends here at the latest: nothing reads what it writes.
        close(reading)
        let process: Int32
        do {
            process = try started.get()
        } catch {
            throw CommandFailure(
                .unavailable,
                "\(path): gzip cannot be started (\(error)); install gzip or decompress the file")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else {
                throw CommandFailure(
                    .unavailable, "\(path): the end of gzip is unknown: \(String(cString: strerror(errno)))")
            }
        }
        let bytes = try content.get()
        // Exit code 2 is a warning: the file has content after the compressed data. Source: gzip(1).
        guard status == 0 || status == 2 << 8 else {
            throw CommandFailure(.dataError, "\(path): damaged or incomplete gzip file")
        }
        return bytes
    }

    /// Reads an open file to its end.
    private static func read(_ file: Int32, _ path: String) throws -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count == 0 { return content }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw CommandFailure(.dataError, "\(path): \(String(cString: strerror(errno)))")
            }
            guard content.count + count <= limit else {
                throw CommandFailure(.dataError, "\(path): larger than \(limit) bytes")
            }
            content += chunk.prefix(count)
        }
    }
}
