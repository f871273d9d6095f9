import ArgumentParser
import Formats

/// The option of commands that print a table.
struct TableOptions: ParsableArguments {
    @Flag(help: "Show all columns at full width, even if a line is wider than the terminal.")
    var wide = false
}

extension TextTable {
    /// The lines as they fit standard output.
    ///
    /// - Parameters:
    ///   - options: the table's options. A last line then names the columns that are left out.
    ///   - width: columns of the terminal; nil for no limit.
    ///   - style: how a cell is to stand out, by its text.
    func shown(
        _ options: TableOptions? = nil, width: Int? = Terminal.width,
        style: (String) -> Terminal.Style? = { _ in nil }
    ) -> [TerminalText] {
        let width = options?.wide == true ? nil : width
        let lines = lines(width: width) { text, cell, isTitle in
            TerminalText(text, isTitle ? .bold : style(cell)).rendered
        }.map(TerminalText.init(escaped:))
        let omitted = options == nil ? [] : omittedTitles(width: width)
        guard let width, !omitted.isEmpty else { return lines }
        let note = "--wide also shows: \(omitted.joined(separator: ", "))"
        return lines + note.wrapped(to: width).map { TerminalText($0, .dim) }
    }
}
