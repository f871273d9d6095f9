import Glibc

/// Standard output as a place to write to: a terminal of some width that may show colours, or a file or pipe that
/// gets every character and no other.
enum Terminal {
    static let isOutput = isatty(STDOUT_FILENO) == 1

    /// Whether somebody can be asked.
    static let isInteractive = isOutput && isatty(STDIN_FILENO) == 1

    /// Columns; nil where nothing has to fit. `COLUMNS` wins, as everywhere.
    static var width: Int? {
        guard isOutput else { return nil }
        if let columns = variable("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// By https://no-color.org, and only on a terminal that can.
    static let usesColour =
        isOutput && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM").map { $0 != "dumb" } ?? false

    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    static func styled(_ text: String, _ style: Style?) -> String {
        guard usesColour, let style else { return text }
        return "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m"
    }

    /// Prints the lines of a diff in the colours that people know.
    static func printDifferences(_ lines: [String], indent: String = "") {
        for line in lines {
            let style: Style? =
                switch line.first {
                case "-": .red
                case "+": .green
                case "~": .yellow
                default: nil
                }
            print(indent + styled(line, style))
        }
    }

    /// Asks for a yes or a no; only on a terminal, where an empty line means `standard`.
    static func confirm(_ question: String, standard: Bool) -> Bool {
        print(question, standard ? "[Y/n] " : "[y/N] ", terminator: "")
        fflush(nil)
        let answer = (readLine() ?? "n").lowercased()
        return answer.isEmpty ? standard : answer == "y" || answer == "yes"
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
