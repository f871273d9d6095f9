/// Text with escape sequences and line breaks. Tests put it into all fields with outside text.
package enum HostileText {
    /// The first word of each forged line.
    package static let forged = "FORGED"

    /// A title, a copy to the clipboard (OSC 52), a colour by C1, and lines by every line end; then bidirectional
    /// controls, invisible characters and tag characters.
    package static let text =
        "evil\u{1b}]0;title\u{7}\u{1b}]52;c;aGk=\u{7}\u{9b}31m\r\nFORGED one\nFORGED two\rFORGED three\u{b}\u{c}\u{85}"
        + "FORGED four\u{2028}FORGED five\u{2029}\u{61c}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}\u{200b}\u{2060}"
        + "\u{feff}\u{ad}\u{e0001}\u{e0041}\u{7f}end"

    /// A shorter text, for names of JSON members.
    package static let name = "evil\u{1b}[31m\u{9b}\r\nFORGED six\u{2028}\u{202e}\u{e0041}end"

    /// Returns the unsafe scalars of an output, without the code under test.
    ///
    /// - Returns: each scalar once, in hexadecimal. A line feed is safe.
    package static func unsafeScalars(in output: String) -> [String] {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x9, 0xb...0x1f, 0x7f...0x9f, 0xad...0xad, 0x61c...0x61c, 0x200b...0x200f, 0x2028...0x202e,
            0x2060...0x206f, 0xfeff...0xfeff, 0xfff9...0xfffb, 0xe0000...0xe0fff,
        ]
        let found = Set(output.unicodeScalars.map(\.value)).filter { value in ranges.contains { $0 ~= value }
        }
        return found.sorted().map { String($0, radix: 16) }
    }

    /// Returns the lines of an output that the hostile text forged.
    package static func forgedLines(in output: String) -> [String] {
        output.unicodeScalars.split(separator: "\n").map { String($0) }.filter { $0.hasPrefix(forged) }
    }
}
