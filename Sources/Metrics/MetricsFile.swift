import Glibc

/// A text file for node_exporter's textfile collector.
public enum MetricsFile {
    /// The file could not be written; the old one, if any, is still there.
    public struct Unwritable: Error, CustomStringConvertible, Sendable {
        public let path: String
        public let reason: String

        public var description: String { "the metrics file \(path) cannot be written: \(reason)" }
    }

    /// Replaces the file at once, so that a reader never sees half of one. Everybody may read it: it holds no secret.
    public static func write(_ text: String, to path: String) throws(Unwritable) {
        // The collector reads names that end in .prom alone: this one it passes over.
        let draft = path + ".\(getpid()).draft"
        let file = open(draft, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw unwritable(path) }
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + written }, bytes.count - written)
            }
            guard count > 0 else { break }
            written += count
        }
        // The process's umask does not decide who may read it.
        let isWhole = written == bytes.count && fchmod(file, 0o644) == 0
        let problem = unwritable(path)
        guard close(file) == 0, isWhole else {
            unlink(draft)
            throw problem
        }
        guard rename(draft, path) == 0 else {
            let problem = unwritable(path)
            unlink(draft)
            throw problem
        }
    }

    private static func unwritable(_ path: String) -> Unwritable {
        Unwritable(path: path, reason: String(cString: strerror(errno)))
    }
}
