/// Columns of text for a terminal: numbers to the right, the rest to the left.
public struct TextTable {
    private let titles: [String]
    private var rows: [[String]] = []

    public init(_ titles: String...) { self.titles = titles }

    public init(titles: [String]) { self.titles = titles }

    public var isEmpty: Bool { rows.isEmpty }

    public mutating func add(_ cells: String...) { rows.append(cells) }

    public mutating func add(cells: [String]) { rows.append(cells) }

    /// The lines, title first.
    public var lines: [String] {
        let all = [titles] + rows
        let widths = titles.indices.map { column in
            all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        let isNumeric = titles.indices.map { column in
            !rows.isEmpty && rows.allSatisfy { column < $0.count && Self.isNumber($0[column]) }
        }
        return all.map { row in
            var line = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return isNumeric[column] ? padding + cell : cell + padding
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        text == "-"
            || (text.first.map { $0.isNumber || $0 == "-" || $0 == "+" } ?? false)
                && text.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
    }
}

/// A number with as many decimals as it has, nine at most.
public func plain(_ value: Double) -> String {
    var text = fixed(value, 9)
    guard text.contains(".") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
}
