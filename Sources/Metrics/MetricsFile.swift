import Platform

/// A text file for node_exporter's textfile collector.
package enum MetricsFile {
    /// The file could not be written; the old one, if any, is still there.
    package struct Unwritable: Error, CustomStringConvertible, Sendable {
        package let path: String
        package let reason: String

        package var description: String { "the metrics file \(path) cannot be written: \(reason)" }
    }

    /// Replaces the file at once, so that a reader sees the old content or the new content. Every user may read it: it
    /// contains no secret. The collector ignores the draft, whose name does not end in `.prom`.
    package static func write(_ text: String, to path: String) throws(Unwritable) {
        do {
            try SecureFile.replace(path, with: Array(text.utf8), mode: 0o644)
        } catch {
            throw Unwritable(path: path, reason: error.reason)
        }
    }
}
