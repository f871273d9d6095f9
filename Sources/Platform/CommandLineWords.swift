/// The words of a command line that no shell runs.
package enum CommandLineWords {
    /// Splits a command line by a shell's rules of quotes and backslashes. Other syntax has no effect. Returns nil for an
    /// unterminated quote.
    package static func split(_ line: String) -> [String]? {
        var arguments: [String] = []
        var argument: String?
        var quote: Character?
        var characters = line.makeIterator()
        while let character = characters.next() {
            if character == "\\", quote != "'" {
                guard let next = characters.next() else { return nil }
                // Inside double quotes a backslash escapes double quotes and backslashes only.
                if quote == "\"", next != "\"", next != "\\" { argument = (argument ?? "") + "\\" }
                argument = (argument ?? "") + String(next)
            } else if let open = quote {
                if character == open { quote = nil } else { argument = (argument ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                argument = argument ?? ""
            } else if character.isWhitespace {
                if let argument { arguments.append(argument) }
                argument = nil
            } else {
                argument = (argument ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let argument { arguments.append(argument) }
        return arguments
    }
}
