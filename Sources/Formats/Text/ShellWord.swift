/// Quoting for the command lines that messages suggest.
package enum ShellWord {
    /// The text as one word for a POSIX shell, in single quotes. It is not escaped for a terminal: `SafeText` does that.
    package static func quoted(_ text: String) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "'"
    }
}
