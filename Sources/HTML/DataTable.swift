/// A table with a caption and headers. Its elements have explicit roles: on a phone each row is shown as a card, and
/// browsers remove the implicit roles from tables with another layout.
package struct DataTable {
    package struct Column {
        let title: String
        let isNumeric: Bool
        let isText: Bool
        let link: String?
        let order: String?

        /// - Parameters:
        ///   - isText: whether the column contains long text, which may break at any character.
        ///   - link: the address of the same page in the order of this column.
        ///   - order: `ascending` or `descending` if the rows are in the order of this column.
        package init(
            _ title: String, isNumeric: Bool = false, isText: Bool = false, link: String? = nil,
            order: String? = nil
        ) {
            self.title = title
            self.isNumeric = isNumeric
            self.isText = isText
            self.link = link
            self.order = order
        }
    }

    let caption: String
    let columns: [Column]
    /// The first cell of each row is its header.
    package var rows: [[Markup]] = []

    package init(_ caption: String, _ columns: Column...) {
        self.caption = caption
        self.columns = columns
    }

    package init(_ caption: String, columns: [Column]) {
        self.caption = caption
        self.columns = columns
    }

    package mutating func add(_ cells: Markup...) { rows.append(cells) }

    package var markup: Markup {
        tag("table", ["role": "table"]) {
            tag("caption", [:], caption)
            tag("thead", ["role": "rowgroup"]) {
                tag("tr", ["role": "row"]) { for column in columns { header(column) } }
            }
            tag("tbody", ["role": "rowgroup"]) { for row in rows { self.row(row) } }
        }
    }

    private func header(_ column: Column) -> Markup {
        tag(
            "th",
            [
                "role": "columnheader", "scope": "col", "class": column.isNumeric ? "number" : nil,
                "aria-sort": column.order,
            ]
        ) {
            if let link = column.link {
                tag("a", ["href": link]) {
                    column.title
                    if let order = column.order {
                        tag("span", ["aria-hidden": "true"], order == "ascending" ? " \u{25b2}" : " \u{25bc}")
                    }
                }
            } else {
                column.title
            }
        }
    }

    private func row(_ cells: [Markup]) -> Markup {
        tag("tr", ["role": "row"]) {
            for (column, cell) in zip(columns.indices, cells) {
                if column == 0 {
                    tag("th", ["role": "rowheader", "scope": "row"]) { cell }
                } else {
                    tag(
                        "td",
                        [
                            "role": "cell", "data-title": columns[column].title,
                            "class": columns[column].isNumeric
                                ? "number" : columns[column].isText ? "text" : nil,
                        ]
                    ) { cell }
                }
            }
        }
    }
}
