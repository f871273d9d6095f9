/// A table of text with right-aligned numbers and left-aligned texts.
///
/// `add` escapes the cells for a terminal, so that the widths are those of the visible text. The first column
/// identifies a row: it is always complete. The other columns stand in the order of their importance: where a line is
/// limited, columns are left out from the right.
package struct TextTable {
    /// Styles a part of a cell. The visible width must not change.
    package typealias Drawing = (_ text: String, _ cell: String, _ isTitle: Bool) -> String

    /// A column: its title, and the treatment of cells that are wider than the column.
    package struct Column: ExpressibleByStringInterpolation, Sendable {
        package enum Fit: Sendable {
            /// The cell is shown completely.
            case whole
            /// The cell is truncated, with a mark at its end.
            case truncated
            /// The cell takes several lines. The column is never left out.
            case wrapped
        }

        package let title: String
        package let fit: Fit

        package init(_ title: String, _ fit: Fit = .whole) { (self.title, self.fit) = (title, fit) }

        package init(stringLiteral value: String) { self.init(value) }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: Column...) { self.columns = columns }

    package init(titles: [String]) { columns = titles.map { Column($0) } }

    package var isEmpty: Bool { rows.isEmpty }

    package mutating func add(_ cells: String...) { add(cells: cells) }

    package mutating func add(cells: [String]) { rows.append(cells.map(SafeText.escaped)) }

    /// The lines, titles first, at full width.
    package var lines: [String] { lines(width: nil) { text, _, _ in text } }

    /// - Parameter width: the maximum width of a line in columns of the terminal; nil for no limit. Only the first
    ///   column may exceed it.
    package func lines(width: Int?, drawing draw: Drawing) -> [String] {
        let layout = layout(within: width)
        return ([columns.map(\.title)] + rows).enumerated().flatMap { index, row in
            let cells = layout.map { item in
                (item: item, cell: item.column < row.count ? row[item.column] : "")
            }
            let parts = cells.map { self.parts(of: $0.cell, $0.item) }
            return (0..<(parts.map(\.count).max() ?? 0)).map { line in
                var text = ""
                // Blanks before a part are written with it, so that a line ends with its last part.
                var blanks = 0
                for (cell, parts) in zip(cells, parts) {
                    let part = line < parts.count ? parts[line] : ""
                    let padding = max(0, cell.item.width - part.count)
                    if cell.item.isNumeric { blanks += padding }
                    if !part.isEmpty {
                        text += String(repeating: " ", count: blanks) + draw(part, cell.cell, index == 0)
                        blanks = 0
                    }
                    blanks += (cell.item.isNumeric ? 0 : padding) + Self.gap
                }
                return text
            }
        }
    }

    /// The titles of the columns that `lines` leaves out.
    package func omittedTitles(width: Int?) -> [String] {
        let shown = Set(layout(within: width).map(\.column))
        return columns.indices.filter { !shown.contains($0) }.map { columns[$0].title }
    }

    // MARK: Layout

    /// A column that is shown.
    private struct Item {
        let column: Int
        let fit: Column.Fit
        let isNumeric: Bool
        var width: Int

        /// The smallest width that the column may have.
        var least: Int {
            switch fit {
            case .whole: width
            case .truncated: min(width, 12)
            case .wrapped: min(width, 24)
            }
        }
    }

    private static let gap = 2

    private func layout(within limit: Int?) -> [Item] {
        var items = columns.indices.map { column in
            let cells = rows.lazy.map { column < $0.count ? $0[column] : "" }
            return Item(
                column: column, fit: columns[column].fit,
                isNumeric: !rows.isEmpty && cells.allSatisfy(Self.isNumber),
                width: max(columns[column].title.count, cells.map(\.count).max() ?? 0))
        }
        guard let limit else { return items }
        func total(_ width: KeyPath<Item, Int>) -> Int {
            items.reduce(Self.gap * (items.count - 1)) { $0 + $1[keyPath: width] }
        }
        while total(\.least) > limit,
            let last = items.lastIndex(where: { $0.fit != .wrapped }), last > 0
        {
            items.remove(at: last)
        }
        while total(\.width) > limit {
            let flexible = items.indices.filter { items[$0].width > items[$0].least }
            guard let widest = flexible.max(by: { items[$0].width < items[$1].width }) else { break }
            items[widest].width -= 1
        }
        return items
    }

    private func parts(of cell: String, _ item: Item) -> [String] {
        if cell.count <= item.width { return [cell] }
        return switch item.fit {
        case .whole: [cell]
        case .truncated: [cell.prefix(item.width - 1) + SafeText.mark]
        case .wrapped: cell.wrapped(to: item.width)
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        text == "-"
            || (text.first.map { $0.isNumber || $0 == "-" || $0 == "+" } ?? false)
                && text.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
    }
}
