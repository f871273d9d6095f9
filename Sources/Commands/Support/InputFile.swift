import Configuration
import Platform
import Subprocess
import SystemPackage

/// A file that a command line names, plain or gzip; `-` is standard input.
enum InputFile {
    /// The name of a file up to its first dot; nil for an empty path.
    static func stem(_ path: String) -> String? {
        path.split(separator: "/").last.map { String($0.split(separator: ".", maxSplits: 1).first ?? $0) }
    }

    /// The largest size of a file after decompression, in bytes.
    private static let limit = 2_000_000_000

    /// The mark with which spreadsheets and editors of Windows begin a text in UTF-8.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// Reads a file, without its byte order mark.
    static func read(_ path: String) async throws -> [UInt8] {
        let content = try await content(path)
        return content.starts(with: byteOrderMark)
            ? Array(content.dropFirst(byteOrderMark.count)) : content
    }

    private static func content(_ path: String) async throws -> [UInt8] {
        let file: FileDescriptor
        do {
            file =
                path == "-"
                ? try FileDescriptor.standardInput.duplicate()
                : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw CommandFailure(.noInput, "\(path): \(error)")
        }
        defer { try? file.close() }
        // A pipe has no position to look at: its compressed content shows after it is read.
        var start: [UInt8] = [0, 0]
        let count = try? start.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        if count == start.count, isGzip(start) { return try await decompressed(file, path) }
        let content: [UInt8]
        do {
            content = try file.content(limit: limit)
        } catch {
            throw CommandFailure(
                .dataError,
                "\(path): \(error == .fileTooLarge ? "larger than \(limit) bytes" : error.description)")
        }
        guard !isGzip(content) else {
            throw CommandFailure(
                .dataError, "\(path): a pipe must not be compressed; decompress it with gzip -dc")
        }
        return content
    }

    /// Whether content starts with the magic number of gzip. Source: RFC 1952, section 2.3.1.
    private static func isGzip(_ content: [UInt8]) -> Bool { content.starts(with: [0x1f, 0x8b]) }

    /// Reads a compressed file with the program gzip.
    private static func decompressed(_ file: FileDescriptor, _ path: String) async throws -> [UInt8] {
        let result: ExecutionResult<Void, BytesOutput, DiscardedOutput>
        do {
            result = try await run(
                .name("gzip"), arguments: ["-dc"],
                input: .fileDescriptor(file, closeAfterSpawningProcess: false),
                output: .bytes(limit: limit), error: .discarded)
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw CommandFailure(.dataError, "\(path): larger than \(limit) bytes after decompression")
        } catch {
            throw CommandFailure(
                .unavailable,
                "\(path): gzip cannot be started (\(error)); install gzip or decompress the file")
        }
        // Exit code 2 is a warning: the file has content after the compressed data. Source: gzip(1).
        guard [.exited(0), .exited(2)].contains(result.terminationStatus) else {
            throw CommandFailure(.dataError, "\(path): damaged or incomplete gzip file")
        }
        return result.standardOutput
    }
}
