import Glibc
import Synchronization

/// The body of a request, on standard input. Source: RFC 3875.
package final class RequestBody: Sendable {
    /// The maximum size of an unused body that is read. Bytes.
    private static let limit = 64 << 20

    /// The upper bound of the unread part of the body. Bytes.
    private let left: Atomic<Int>

    package init(environment: [String: String]) {
        let announced = environment["CONTENT_LENGTH"].flatMap { Int($0) }
        // A chunked body has no length. It ends when the web server closes standard input.
        let unannounced = environment["HTTP_TRANSFER_ENCODING"] == nil ? 0 : Self.limit
        left = Atomic(min(max(0, announced ?? unannounced), Self.limit))
    }

    /// Reads at most a number of bytes.
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

    /// Reads the rest of an unused body. Call it before the response is written: some web servers report an unread body
    /// as a failure of the program. If standard input and output are one socket, as with Apache's mod_cgid, the system
    /// discards the response together with the unread body.
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
