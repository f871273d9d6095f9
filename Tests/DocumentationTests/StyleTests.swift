import TestSupport
import Testing

@Suite("Style of the sources")
struct StyleTests {
    /// Words and phrases that CONTRIBUTING excludes: metaphors, jokes, and pronouns in the place of a noun.
    static let excluded: [[String]] = [
        "room", "rooms", "nobody", "somebody", "anybody", "everybody", "whoever", "stranger", "strangers",
        "doomed",
        "luck", "rogue", "rogues", "barren", "dear", "dearer", "told", "bad day", "bad days",
        "takes its word",
        "pocket calculator", "to be had", "in vain", "left alone", "taken back", "takes back", "thrown away",
        "on order", "goes wrong", "go wrong", "come to rest", "knows nothing",
    ].map { $0.split(separator: " ").map(String.init) }

    /// Excluded words that are proper names in a file: the system account nobody.
    static let exceptions = ["Tests/PlatformTests/ServiceUserTests.swift": ["nobody"]]

    /// The excluded phrases of a text, as `path:line: phrase`.
    static func findings(in text: SourceText) -> [String] {
        let byFirstWord = Dictionary(grouping: excluded) { $0[0] }
        let words = text.words
        return words.indices.flatMap { index in
            (byFirstWord[words[index].text] ?? []).filter { phrase in
                words[index...].prefix(phrase.count).map(\.text) == phrase
                    && exceptions[text.path] != phrase
            }.map { "\(text.path):\(words[index].line): \($0.joined(separator: " "))" }
        }
    }

    @Test("No file contains an excluded word or phrase")
    func words() throws {
        let places = [
            ".ci", ".github", "Dockerfile", "Package.swift", "README.md", "Sources", "Tests", "cron",
        ]
        let files = try SourceText.files(in: places) { !$0.hasSuffix("/StyleTests.swift") }
        #expect(files.count > 400)
        for file in files {
            let findings = Self.findings(in: file)
            #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
        }
    }

    @Test("Excluded phrases are found in prose, in names, and across lines")
    func findings() {
        let text = SourceText(
            path: "a.swift", text: "/// A bad\n/// Day.\nlet bootLuck = headroom // No room.\n")
        #expect(Self.findings(in: text) == ["a.swift:1: bad day", "a.swift:3: luck", "a.swift:3: room"])
    }

    @Test("A Swift file has at most 300 lines, and half of the files of Sources at most 90")
    func length() throws {
        let files = try SourceText.files(in: ["Package.swift", "Sources", "Tests"]) { $0.hasSuffix(".swift") }
        for file in files { #expect(file.lineCount <= 300, "\(file.path)") }
        let lengths = files.filter { $0.path.hasPrefix("Sources/") }.map(\.lineCount).sorted()
        #expect(lengths.count > 200)
        #expect(lengths[lengths.count / 2] <= 90)
    }
}
