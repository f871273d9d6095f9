/// Data from outside that cannot be used: where and why.
package struct DataError: Error, Hashable, CustomStringConvertible, Sendable {
    /// The file as it was named.
    package let source: String
    /// The line, counted from 1; nil when it is about the whole file.
    package let line: Int?
    package let problem: String

    package init(_ source: String, line: Int? = nil, _ problem: String) {
        self.source = source
        self.line = line
        self.problem = problem
    }

    package var description: String {
        line.map { "\(source):\($0): \(problem)" } ?? "\(source): \(problem)"
    }
}
