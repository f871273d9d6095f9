/// Columns of text: numbers to the right, the rest to the left. The text of a cell is safe for a terminal: `add` escapes
/// it, so that widths count what is shown.
package struct TextTable {
    /// Draws a cell's text, which may be cut, in a title's or another row; its width has to stay.
    package typealias Drawing = (_ text: String, _ cell: String, _ isTitle: Bool) -> String

    private let titles: [String]
    private var rows: [[String]] = []

    package init(_ titles: String...) { self.titles = titles }

    package init(titles: [String]) { self.titles = titles }

    package var isEmpty: Bool { rows.isEmpty }

    package mutating func add(_ cells: String...) { add(cells: cells) }

    package mutating func add(cells: [String]) { rows.append(cells.map(SafeText.escaped)) }

    /// The lines, title first, as wide as they need to be.
    package var lines: [String] { lines(width: nil) { text, _, _ in text } }

    /// - Parameter width: columns that a line may take; nil for as many as it needs.
    package func lines(width: Int?, drawing draw: Drawing) -> [String] {
        let isNumeric = titles.indices.map { column in
            !rows.isEmpty && rows.allSatisfy { column < $0.count && Self.isNumber($0[column]) }
        }
        let widths = columnWidths(within: width, isNumeric: isNumeric)
        return ([titles] + rows).enumerated().map { index, row in
            var line = zip(row, widths.indices).map { cell, column in
                let text = Self.cut(cell, to: widths[column])
                let padding = String(repeating: " ", count: max(0, widths[column] - text.count))
                let drawn = draw(text, cell, index == 0)
                return isNumeric[column] ? padding + drawn : drawn + padding
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    /// The widths of the columns: as wide as the widest cell, then less of the widest text until a line fits.
    private func columnWidths(within limit: Int?, isNumeric: [Bool]) -> [Int] {
        var widths = titles.indices.map { column in
            ([titles] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        guard let limit else { return widths }
        while widths.reduce(2 * (widths.count - 1), +) > limit {
            // A number that is cut would be another number.
            let texts = widths.indices.filter { !isNumeric[$0] && widths[$0] > Self.leastWidth }
            guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private static let leastWidth = 6

    private static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }

    private static func isNumber(_ text: String) -> Bool {
        text == "-"
            || (text.first.map { $0.isNumber || $0 == "-" || $0 == "+" } ?? false)
                && text.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
    }
}

/// A number with as many decimals as it has, nine at most.
package func plain(_ value: Double) -> String {
    var text = fixed(value, 9)
    guard text.contains(".") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
}
