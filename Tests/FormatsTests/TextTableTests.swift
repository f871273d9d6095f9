import Formats
import Testing

@Suite("A table in a limited width")
struct TextTableTests {
    private func lines(_ table: TextTable, _ width: Int) -> [String] {
        table.lines(width: width) { text, _, _ in text }
    }

    private static var instances: TextTable {
        var table = TextTable("instance", "worker type", "state", .init("scopes", .truncated), "USD/h")
        table.add(
            "i-0123456789abcdef0", "build-linux-large", "running", "queue:claim-work:a queue:b", "0.1234")
        return table
    }

    @Test(
        "shows the identifying column whole, and leaves out columns from the right", arguments: [60, 80, 120])
    func fits(width: Int) {
        let table = Self.instances
        let shown = lines(table, width)
        #expect(shown.count == 2)
        #expect(shown.allSatisfy { $0.count <= width }, "\(shown)")
        #expect(shown[1].hasPrefix("i-0123456789abcdef0  build-linux-large"))
        let omitted = table.omittedTitles(width: width)
        #expect(omitted == (width == 60 ? ["scopes", "USD/h"] : []))
        #expect(shown[0].contains("USD/h") == omitted.isEmpty)
    }

    @Test("keeps the identifying column in a width that it exceeds")
    func narrow() {
        #expect(lines(Self.instances, 10) == ["instance", "i-0123456789abcdef0"])
        #expect(Self.instances.omittedTitles(width: nil).isEmpty)
    }

    @Test("truncates with a mark only columns that may be truncated, before it leaves out a column")
    func truncates() {
        #expect(lines(Self.instances, 75)[1].contains("queue:claim-work:…  0.1234"))
        #expect(!lines(Self.instances, 40)[1].contains("…"))
    }

    @Test("wraps reasons, and shows each word of them")
    func wraps() {
        var table = TextTable("check", "state", .init("", .wrapped))
        let reason = "the database cannot be read by this user because its mode is 600 and its owner is root"
        table.add("database", "failed", reason)
        for width in [40, 60, 80] {
            let shown = lines(table, width)
            #expect(shown.allSatisfy { $0.count <= width }, "\(shown)")
            let words = shown.joined(separator: " ").split(separator: " ").map(String.init)
            #expect(reason.split(separator: " ").allSatisfy { words.contains(String($0)) })
            #expect(shown.dropFirst(2).allSatisfy { $0.hasPrefix("          ") })
        }
    }

    @Test("draws cells without the blanks around them")
    func drawing() {
        let drawn = Self.instances.lines(width: 60) { text, _, isTitle in isTitle ? "<\(text)>" : text }
        #expect(drawn[0].hasPrefix("<instance>             <worker type>        <state>"))
        #expect(drawn.allSatisfy { $0.last != " " })
    }

    @Test(
        "A text is wrapped at blanks, and longer words are divided",
        arguments: [
            ("", 5, [""]), ("a b c", 3, ["a b", "c"]), ("abcdefg hi", 3, ["abc", "def", "g", "hi"]),
            ("abc", 3, ["abc"]), ("abc def", 3, ["abc", "def"]), ("ab", 0, ["a", "b"]),
        ])
    func wrapping(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(to: width) == lines)
    }
}
