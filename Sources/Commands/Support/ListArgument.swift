import ArgumentParser

/// One or more values, separated by commas. An option of this type may also be given several times.
struct ListArgument<Element: ExpressibleByArgument & Sendable>: ExpressibleByArgument, Sendable {
    let elements: [Element]

    /// Returns nil if a value is empty or not valid.
    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let elements = parts.compactMap { $0.isEmpty ? nil : Element(argument: $0) }
        guard elements.count == parts.count else { return nil }
        self.elements = elements
    }

    static var allValueStrings: [String] { Element.allValueStrings }

    static var defaultCompletionKind: CompletionKind { Element.defaultCompletionKind }
}

extension Array {
    /// The values of all occurrences of an option.
    func values<Value>() -> [Value] where Element == ListArgument<Value> { flatMap(\.elements) }
}
