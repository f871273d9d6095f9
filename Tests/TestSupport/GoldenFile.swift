import Foundation

/// The expected output of a program, as a file in the folder Golden beside a test.
///
/// With `WRITE_GOLDEN_FILES=1` in the environment the tests write these files anew. Read the difference before you
/// commit it.
package struct GoldenFile: Sendable {
    package let path: String

    /// - Parameter test: the path of the test's source.
    package init(_ name: String, beside test: String = #filePath) {
        path = URL(filePath: test).deletingLastPathComponent().appending(path: "Golden/" + name).path
    }

    /// The first line that differs between a text and the file; nil when all bytes are equal.
    package func difference(from text: String) throws -> String? {
        if ProcessInfo.processInfo.environment["WRITE_GOLDEN_FILES"] == "1" {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path))
            return nil
        }
        let golden = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        if Array(golden.utf8) == Array(text.utf8) { return nil }
        let lines = [golden, text].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        let number = zip(lines[0], lines[1]).prefix { $0 == $1 }.count
        func line(_ lines: [Substring]) -> String {
            number < lines.count ? String(lines[number]) : "(the end)"
        }
        return "\(path):\(number + 1): expected \(line(lines[0])), found \(line(lines[1]))"
    }
}
