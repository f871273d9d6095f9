import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Text for a terminal")
struct SafeTextTests {
    @Test("has a visible escape for each scalar that is unsafe, also for both of CR LF")
    func escapes() {
        #expect(SafeText.escaped("a\u{1b}[31m\r\nb") == #"a\u{1b}[31m\u{d}\u{a}b"#)
        #expect(SafeText.escaped("\u{9b}\u{2028}\u{202e}\u{e0041}") == #"\u{9b}\u{2028}\u{202e}\u{e0041}"#)
        #expect(HostileText.unsafeScalars(in: HostileText.text).count > 20)
        #expect(HostileText.unsafeScalars(in: SafeText.escaped(HostileText.text)).isEmpty)
        #expect(!SafeText.escaped(HostileText.text).unicodeScalars.contains("\n"))
    }

    @Test("does not change without unsafe scalars", arguments: ["", "plain", "ümläut 漢字 😀", "\\u{1b}", "…"])
    func plain(text: String) {
        #expect(SafeText.escaped(text) == text)
    }

    @Test("has no control, format or separator scalar of Unicode")
    func everyScalar() {
        var all = ""
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                #expect(SafeText.escaped("a\(scalar)b") == "a\\u{\(String(value, radix: 16))}b")
            default: break
            }
            all.unicodeScalars.append(scalar)
        }
        let escaped = SafeText.escaped(all)
        #expect(HostileText.unsafeScalars(in: escaped).isEmpty)
        #expect(!escaped.unicodeScalars.contains("\n"))
        #expect(escaped.unicodeScalars.contains("漢") && escaped.unicodeScalars.contains("😀"))
    }

    @Test("is truncated by scalars, with a mark, when it is too long")
    func cutting() {
        #expect(SafeText.cut("abcd", to: 4) == "abcd")
        #expect(SafeText.cut("abcde", to: 4) == "abcd…")
        #expect(SafeText.cut("abcde", to: .max) == "abcde")
        #expect(SafeText.cut("abc", to: -1) == "…")
        // A single character of many scalars is truncated too.
        let stacked = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(SafeText.cut(stacked, to: 10).unicodeScalars.count == 11)
    }

    @Test("A table escapes its cells, and its columns have the width of the visible text")
    func table() {
        var table = TextTable("name", "n")
        table.add("a\n\u{1b}b", "1")
        table.add("c", "22")
        let blanks = { String(repeating: " ", count: $0) }
        #expect(
            table.lines == ["name\(blanks(12))n", #"a\u{a}\u{1b}b"# + "   1", "c\(blanks(14))22"])
    }
}

@Suite("A word of a shell command")
struct ShellWordTests {
    @Test(
        "is one word to a shell, which runs nothing of it",
        arguments: [
            "", "plain", "a b", "it's", "''", "$(echo no) `echo no` $HOME", "-x", "a\\b\"c", "*", "a\nb",
            "!!", "#", "é",
        ])
    func quoting(text: String) async throws {
        let shown = try await Command.run("/bin/sh", ["-c", "printf %s \(ShellWord.quoted(text))"])
        #expect(shown.output == text)
        let count = try await Command.run("/bin/sh", ["-c", "set -- \(ShellWord.quoted(text)); echo $#"])
        #expect(count.output == "1\n")
    }
}
