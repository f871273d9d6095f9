/// One record of an answer: the elements that somebody asks for, flat, in the order of the document.
///
/// The same memory serves record after record, so that reading 20,000 instances makes no 20,000 trees.
package struct XMLRecord {
    package struct Element {
        let name: Int
        /// The place of the element that holds it; -1 for the record itself.
        let parent: Int
        var start: Int
        var end: Int
    }

    package let names: XMLNames
    package var elements: [Element] = []
    package var text: [UInt8] = []

    package mutating func clear() {
        elements.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
    }

    /// The places of all elements of a name inside another.
    package func children(of parent: Int, named name: String) -> [Int] {
        guard let name = names[name] else { return [] }
        return elements.indices.filter { elements[$0].parent == parent && elements[$0].name == name }
    }

    /// The text of the first element that this path leads to, starting inside `parent`.
    package func text(_ path: String..., in parent: Int = 0) -> String? {
        var place = parent
        for step in path {
            guard let next = first(step, in: place) else { return nil }
            place = next
        }
        let element = elements[place]
        return String(decoding: text[element.start..<element.end], as: UTF8.self)
    }

    package func first(_ name: String, in parent: Int) -> Int? {
        guard let name = names[name] else { return nil }
        // Elements stand behind the one that holds them.
        for place in elements.indices.dropFirst(parent + 1)
        where elements[place].parent == parent && elements[place].name == name {
            return place
        }
        return nil
    }
}

/// The element names that an answer is read for. All others are skipped with what they hold.
package struct XMLNames: Sendable {
    private let indices: [String: Int]

    package init(_ names: [String]) {
        indices = Dictionary(
            names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(name: String) -> Int? { indices[name] }
}
