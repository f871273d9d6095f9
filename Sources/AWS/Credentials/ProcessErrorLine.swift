import Formats

/// The first line of a program's standard error, without secrets.
struct ProcessErrorLine {
    /// Nil for no text.
    let text: String?

    /// - Parameter secrets: texts that the line must not show: arguments of the program and keys in its environment.
    init(_ errors: [UInt8], secrets: [String]) {
        let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard var line = lines.lazy.map({ $0.trimmed }).first(where: { !$0.isEmpty }) else {
            text = nil
            return
        }
        // The longest first: a secret may contain another.
        for secret in secrets.sorted(by: { $0.count > $1.count }) where secret.utf8.count > 3 {
            line = line.replacing(secret, with: Self.mark)
        }
        text = SafeText.escaped(SafeText.cut(Self.redactingKeys(line), to: 200))
    }

    private static let mark = "[redacted]"

    /// Replaces words that may be keys or tokens: long runs of the characters of base64, with a digit.
    private static func redactingKeys(_ line: String) -> String {
        var redacted = ""
        var word = ""
        func flush() {
            let mayBeKey = word.count >= 16 && word.contains { $0.isNumber }
            redacted += mayBeKey ? mark : word
            word = ""
        }
        for character in line {
            if character.isASCII, character.isLetter || character.isNumber || "+/=_-".contains(character) {
                word.append(character)
            } else {
                flush()
                redacted.append(character)
            }
        }
        flush()
        return redacted
    }
}
