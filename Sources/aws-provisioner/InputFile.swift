import Glibc
import Settings
import SharedLibraries

/// A file that a command reads whole: plain or gzip, which zlib tells apart; `-` is standard input.
enum InputFile {
    /// No file may be larger once unpacked: bytes.
    private static let limit = 2_000_000_000

    static func read(_ path: String) throws -> [UInt8] {
        guard path == "-" || access(path, R_OK) == 0 else {
            throw CommandFailure(.noInput, "\(path): cannot be read")
        }
        let zlib = try ZLib.loaded.get()
        guard let file = path == "-" ? zlib.openDescriptor(dup(STDIN_FILENO), "rb") : zlib.open(path, "rb")
        else { throw CommandFailure(.noInput, "\(path): cannot be read") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = zlib.read(file, &chunk, UInt32(chunk.count))
            guard count >= 0, bytes.count < limit else {
                _ = zlib.close(file)
                throw CommandFailure(
                    .dataError, count < 0 ? "\(path): is broken gzip, or a folder" : "\(path): is too large")
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(Int(count)))
        }
        // That the compressed data ended too early shows only now.
        guard zlib.close(file) == 0 else { throw CommandFailure(.dataError, "\(path): is cut off") }
        return bytes
    }
}

/// The functions of zlib that are used, found when the first file is read.
private struct ZLib: Sendable {
    typealias File = UnsafeMutableRawPointer

    let open: @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> File?
    let openDescriptor: @convention(c) (Int32, UnsafePointer<CChar>) -> File?
    let read: @convention(c) (File, UnsafeMutableRawPointer, UInt32) -> Int32
    let close: @convention(c) (File) -> Int32

    private init() throws {
        let library = try SharedLibrary("libz.so.1", package: "zlib1g")
        open = try library.function("gzopen")
        openDescriptor = try library.function("gzdopen")
        read = try library.function("gzread")
        close = try library.function("gzclose")
    }

    static let loaded = Result { try ZLib() }
}
