/// An invalid input file.
package struct DataError: Error, Hashable, CustomStringConvertible, Sendable {
    /// The file name as given by the user.
    package let source: String
    /// The line, from 1; nil when the error concerns the whole file.
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
