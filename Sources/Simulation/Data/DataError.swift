/// Data from outside that cannot be used: where and why.
public struct DataError: Error, Hashable, CustomStringConvertible, Sendable {
    /// The file as it was named.
    public let source: String
    /// The line, counted from 1; nil when it is about the whole file.
    public let line: Int?
    public let problem: String

    public init(_ source: String, line: Int? = nil, _ problem: String) {
        self.source = source
        self.line = line
        self.problem = problem
    }

    public var description: String {
        line.map { "\(source):\($0): \(problem)" } ?? "\(source): \(problem)"
    }
}
