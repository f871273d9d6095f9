import ArgumentParser
import Domain
import Formats
import Glibc

/// Standard output as a place to write to: a terminal of some width that may show colours, or a file or pipe that
/// gets every character and no other.
enum Terminal {
    static let isOutput = isatty(STDOUT_FILENO) == 1

    /// Whether a person can answer a question.
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

    /// Writes to standard output. Every command writes through this function.
    static func write(_ text: TerminalText) { Swift.print(text.rendered, terminator: "") }

    /// Writes one line to standard output.
    static func print(_ line: TerminalText = "") { write(line + "\n") }

    static func print(_ lines: [TerminalText]) { lines.forEach { print($0) } }

    /// Writes one line to standard error.
    static func printError(_ line: TerminalText) {
        let bytes = Array((line.rendered + "\n").utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Writes a JSON document in the form of another program to standard output.
    static func print(json: JSONValue) throws { print(try TerminalText(json: json, pretty: true)) }

    /// The version of all documents. It changes when a member is removed or gets another meaning.
    static let schemaVersion: Int64 = 1

    /// Writes a document of this program to standard output.
    static func print(document members: JSONObject) throws { try print(json: versioned(members)) }

    /// Writes a document of this program to standard output, on one line.
    static func print(documentLine members: JSONObject) throws {
        print(try TerminalText(json: versioned(members)))
    }

    private static func versioned(_ members: JSONObject) -> JSONValue {
        var members = members
        members["schemaVersion"] = .integer(schemaVersion)
        return .object(members)
    }

    /// Prints the lines of a diff in the usual colours.
    ///
    /// - Parameter limit: Unicode scalars of a line that are shown.
    static func printDifferences(_ lines: [String], indent: String = "", limit: Int = .max) {
        for line in lines {
            let style: Style? =
                switch line.first {
                case "-": .red
                case "+": .green
                case "~": .yellow
                default: nil
                }
            print("\(indent)\(SafeText.cut(line, to: limit), style)")
        }
    }

    /// Asks for a yes or a no; only on a terminal, where an empty line means `standard`.
    static func confirm(_ question: TerminalText, standard: Bool) -> Bool {
        write("\(question) \(standard ? "[Y/n]" : "[y/N]") ")
        fflush(nil)
        let answer = (readLine() ?? "n").lowercased()
        return answer.isEmpty ? standard : answer == "y" || answer == "yes"
    }

    /// Asks on a terminal before something is removed or replaced. Ends the command with exit code 1 unless the answer is
    /// yes.
    static func requireConfirmation(_ question: TerminalText) throws {
        guard confirm(question, standard: false) else {
            printError("aws-provisioner: nothing was done")
            throw ExitCode(ExitCodeTable.no)
        }
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
