import Formats

/// Values by worker type name or prefix: `build-linux` matches one name, `build-*` all names with the prefix, as in a
/// Taskcluster scope. The exact name has priority, then the longest pattern.
package struct WorkerTypePatterns<Value: Hashable & Sendable>: Hashable, Sendable {
    private let values: [String: Value]

    package init(_ values: [String: Value] = [:]) { self.values = values }

    package var isEmpty: Bool { values.isEmpty }

    /// The value of the best match of a worker type; nil where no pattern matches.
    package subscript(workerType: String) -> Value? {
        if values.isEmpty { return nil }
        if let exact = values[workerType] { return exact }
        let fitting = values.keys.filter { $0.last == "*" && workerType.hasPrefix($0.dropLast()) }
        return fitting.max { $0.utf8.count < $1.utf8.count }.flatMap { values[$0] }
    }
}

extension WorkerTypePatterns: ExpressibleByDictionaryLiteral {
    /// Creates patterns. The last value of a duplicate pattern is used.
    package init(dictionaryLiteral elements: (String, Value)...) {
        self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
