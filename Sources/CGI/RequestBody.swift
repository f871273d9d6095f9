import Glibc
import Synchronization

/// The body of one request, on standard input. Source: RFC 3875.
package final class RequestBody: Sendable {
    /// No more is read of what is not wanted. Bytes.
    private static let limit = 64 << 20

    /// How much of the body may not have been read yet. Bytes.
    private let left: Atomic<Int>

    package init(environment: [String: String]) {
        let announced = environment["CONTENT_LENGTH"].flatMap { Int($0) }
        // One that comes in chunks has no length; it ends where the web server closes it.
        let unannounced = environment["HTTP_TRANSFER_ENCODING"] == nil ? 0 : Self.limit
        left = Atomic(min(max(0, announced ?? unannounced), Self.limit))
    }

    /// Reads that many bytes, or as many as come.
    package func read(_ length: Int) -> [UInt8] {
        var body = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < length {
            let count = body.withUnsafeMutableBytes { buffer in
                Glibc.read(STDIN_FILENO, buffer.baseAddress.map { $0 + filled }, length - filled)
            }
            guard count > 0 else { break }
            filled += count
        }
        left.subtract(filled, ordering: .relaxed)
        return Array(body.prefix(filled))
    }

    /// Reads what is left of a body that is not wanted. To be done before the answer: a web server may take an unread
    /// body for a broken program, and where standard input and output are one socket, as with Apache's mod_cgid, the
    /// system throws the answer away with it.
    package func discard() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var rest = left.load(ordering: .relaxed)
        while rest > 0 {
            let count = Glibc.read(STDIN_FILENO, &chunk, min(rest, chunk.count))
            guard count > 0 else { return }
            rest -= count
        }
    }
}
