/// A table of text with right-aligned numbers and left-aligned texts.
///
/// `add` escapes the cells for a terminal, so that the widths are those of the visible text.
package struct TextTable {
    /// Styles the text of a cell, which may be truncated. The visible width must not change.
    package typealias Drawing = (_ text: String, _ cell: String, _ isTitle: Bool) -> String

    private let titles: [String]
    private var rows: [[String]] = []

    package init(_ titles: String...) { self.titles = titles }

    package init(titles: [String]) { self.titles = titles }

    package var isEmpty: Bool { rows.isEmpty }

    package mutating func add(_ cells: String...) { add(cells: cells) }

    package mutating func add(cells: [String]) { rows.append(cells.map(SafeText.escaped)) }

    /// The lines, titles first, at full width.
    package var lines: [String] { lines(width: nil) { text, _, _ in text } }

    /// - Parameter width: the maximum width of a line in columns; nil for no limit.
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

    /// The width of the widest cell for each column. The widest text columns become narrower until a line fits.
    private func columnWidths(within limit: Int?, isNumeric: [Bool]) -> [Int] {
        var widths = titles.indices.map { column in
            ([titles] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        guard let limit else { return widths }
        while widths.reduce(2 * (widths.count - 1), +) > limit {
            // A truncated number is another number.
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
