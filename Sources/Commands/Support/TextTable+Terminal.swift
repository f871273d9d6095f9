import Formats

extension TextTable {
    /// The lines as they fit standard output.
    ///
    /// - Parameter style: how a cell is to stand out, by its text.
    func shown(style: (String) -> Terminal.Style? = { _ in nil }) -> [TerminalText] {
        lines(width: Terminal.width) { text, cell, isTitle in
            TerminalText(text, isTitle ? .bold : style(cell)).rendered
        }.map(TerminalText.init(escaped:))
    }
}
