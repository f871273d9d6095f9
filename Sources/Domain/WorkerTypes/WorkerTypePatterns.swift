/// Values for worker types by name: `build-linux` means that one, `build-*` all whose names begin so, as a star at
/// the end of a Taskcluster scope does. The exact name wins, then the longest pattern.
package struct WorkerTypePatterns<Value: Hashable & Sendable>: Hashable, Sendable {
    private let values: [String: Value]

    package init(_ values: [String: Value] = [:]) { self.values = values }

    package var isEmpty: Bool { values.isEmpty }

    /// The value that holds for a worker type, if any does.
    package subscript(workerType: String) -> Value? {
        if values.isEmpty { return nil }
        if let exact = values[workerType] { return exact }
        let fitting = values.keys.filter { $0.last == "*" && workerType.hasPrefix($0.dropLast()) }
        return fitting.max { $0.utf8.count < $1.utf8.count }.flatMap { values[$0] }
    }
}

extension WorkerTypePatterns: ExpressibleByDictionaryLiteral {
    /// Of values for one pattern the last counts.
    package init(dictionaryLiteral elements: (String, Value)...) {
        self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
