package import Glibc

/// Reads small files: the configuration, a key.
package enum SmallFile {
    /// The maximum length in bytes.
    package static let limit = 16 << 20

    /// The content of a file; nil when it cannot be read, which `errno` explains.
    package static func read(_ path: String) -> [UInt8]? { readWithStatus(path)?.content }

    /// The content of a file with its owner and permissions; nil when it cannot be read, which `errno` explains.
    package static func readWithStatus(_ path: String) -> (content: [UInt8], status: stat)? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return nil }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while content.count <= limit {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count == 0 { return (content, status) }
            guard count > 0 else { return nil }
            content += chunk[..<count]
        }
        errno = EFBIG
        return nil
    }
}
