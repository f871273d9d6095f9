/// One record of a response: the requested elements as a flat list in document order.
///
/// All records of a document reuse one buffer, because a response can have 20,000 instances.
package struct XMLRecord {
    package struct Element {
        let name: Int
        /// The index of the enclosing element; -1 for the record itself.
        let parent: Int
        var start: Int
        var end: Int

        /// The range of its text in the text of the record.
        package var textRange: Range<Int> { start..<max(start, end) }
    }

    package let names: XMLNames
    package var elements: [Element] = []
    package var text: [UInt8] = []

    package mutating func clear() {
        elements.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
    }

    /// The indices of the child elements with a name.
    package func children(of parent: Int, named name: String) -> [Int] {
        guard let name = names[name] else { return [] }
        return elements.indices.filter { elements[$0].parent == parent && elements[$0].name == name }
    }

    /// The text of the first element at a path below `parent`.
    package func text(_ path: String..., in parent: Int = 0) -> String? {
        var index = parent
        for step in path {
            guard let next = first(step, in: index) else { return nil }
            index = next
        }
        let element = elements[index]
        return String(decoding: text[element.start..<element.end], as: UTF8.self)
    }

    /// The texts of all elements at a path.
    package func texts(_ path: String...) -> Set<String> {
        var found = [0]
        for step in path { found = found.flatMap { children(of: $0, named: step) } }
        return Set(found.map { String(decoding: text[elements[$0].textRange], as: UTF8.self) })
    }

    package func first(_ name: String, in parent: Int) -> Int? {
        guard let name = names[name] else { return nil }
        // An element follows its parent.
        for index in elements.indices.dropFirst(parent + 1)
        where elements[index].parent == parent && elements[index].name == name {
            return index
        }
        return nil
    }
}

/// The names of the elements that are kept. All others are skipped with their content.
package struct XMLNames: Sendable {
    private let indices: [String: Int]

    package init(_ names: [String]) {
        indices = Dictionary(
            names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(name: String) -> Int? { indices[name] }
}
