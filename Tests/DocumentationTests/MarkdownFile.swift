import Foundation
import TestSupport
import Testing

/// A Markdown file of the project, split into the parts that tests check.
struct MarkdownFile: CustomTestStringConvertible {
    /// The path from the project's root.
    let path: String
    let lines: [String]
    /// The file without fenced blocks.
    let prose: String
    /// The fenced blocks, without indentation.
    let blocks: [Block]

    struct Block {
        let language: String
        let text: String
    }

    var testDescription: String { path }

    /// The folder that contains the file.
    var folder: String { URL(filePath: Paths.root + "/" + path).deletingLastPathComponent().path }

    init(_ path: String) throws {
        self.path = path
        lines = try String(contentsOfFile: Paths.root + "/" + path, encoding: .utf8)
            .components(separatedBy: "\n")
        var prose: [String] = []
        var blocks: [Block] = []
        var open: (language: String, lines: [String])?
        for line in lines {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("```") {
                if let block = open {
                    blocks.append(Block(language: block.language, text: block.lines.joined(separator: "\n")))
                    open = nil
                } else {
                    open = (String(trimmed.dropFirst(3)), [])
                }
            } else if open != nil {
                open?.lines.append(trimmed)
            } else {
                prose.append(line)
            }
        }
        self.prose = prose.joined(separator: "\n")
        self.blocks = blocks
    }

    /// The code spans outside of fenced blocks; a line break within a span becomes a space.
    var codeSpans: [String] {
        prose.replacing("``", with: "").matches(of: /`([^`]+)`/).map {
            $0.output.1.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    /// The destinations of links and pictures.
    var links: [String] {
        let text = prose.replacing("``", with: "").replacing(/`[^`]*`/, with: "")
        return text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
            + text.matches(of: /(?:src|srcset)="([^"]+)"/).map { String($0.output.1) }
    }

    /// The lines of the section with a heading of the second level.
    func section(_ heading: String) -> ArraySlice<String> {
        guard let start = lines.firstIndex(of: "## " + heading) else { return [] }
        let body = lines[(start + 1)...]
        return body.prefix { !$0.hasPrefix("## ") }
    }

    /// The anchors of the headings, as repository browsers derive them.
    var anchors: Set<String> {
        let headings = prose.split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                heading.drop { $0 == "#" }.dropFirst().lowercased()
                    .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                    .replacing(" ", with: "-")
            })
    }

    /// The Markdown files of the project.
    static let all: [MarkdownFile] = {
        let folders = [".github", "Sources"].flatMap { folder in
            (FileManager.default.enumerator(atPath: Paths.root + "/" + folder)?.allObjects ?? [])
                .compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.map { folder + "/" + $0 }
        }
        return (["README.md"] + folders.sorted()).compactMap { try? MarkdownFile($0) }
    }()

    /// The articles of the documentation catalogues.
    static var articles: [MarkdownFile] { all.filter { $0.path.contains(".docc/") } }
}
