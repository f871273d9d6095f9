import Platform

/// A text file for node_exporter's textfile collector.
public enum MetricsFile {
    /// The file could not be written; the old one, if any, is still there.
    public struct Unwritable: Error, CustomStringConvertible, Sendable {
        public let path: String
        public let reason: String

        public var description: String { "the metrics file \(path) cannot be written: \(reason)" }
    }

    /// Replaces the file at once, so that a reader sees the old content or the new content. Every user may read it: it
    /// contains no secret. The collector ignores the draft, whose name does not end in `.prom`.
    public static func write(_ text: String, to path: String) throws(Unwritable) {
        do {
            try SecureFile.replace(path, with: Array(text.utf8), mode: 0o644)
        } catch {
            throw Unwritable(path: path, reason: error.reason)
        }
    }
}
