import Foundation
import TestSupport
import Testing

@Suite("Documentation files")
struct DocumentationFileTests {
    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test("link only to files and headings that exist", arguments: MarkdownFile.all)
    func resolve(file: MarkdownFile) throws {
        for link in file.links where !link.hasPrefix("http") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                .map(String.init)
            let target =
                parts[0].isEmpty
                ? Paths.root + "/" + file.path
                : URL(filePath: file.folder + "/" + parts[0]).standardizedFileURL.path
            guard exists(target) else {
                Issue.record("\(file.path): \(link) does not exist")
                continue
            }
            if parts.count > 1 {
                let path = String(target.dropFirst(Paths.root.count + 1))
                #expect(try MarkdownFile(path).anchors.contains(parts[1]), "\(file.path): \(link)")
            }
        }
    }

    @Test("name only paths that exist in the repository", arguments: MarkdownFile.all)
    func paths(file: MarkdownFile) {
        for span in file.codeSpans {
            guard let path = span.firstMatch(of: /^(Sources|Tests|cron)\/[^ ]*/)?.output.0 else { continue }
            #expect(exists(Paths.root + "/" + path), "\(file.path): \(path)")
        }
    }

    @Test("are linked from the root page of their catalogue")
    func rootPages() throws {
        #expect(MarkdownFile.articles.count > 15)
        for article in MarkdownFile.articles {
            let folder = URL(filePath: article.folder)
            let module = folder.deletingPathExtension().lastPathComponent
            let name = URL(filePath: article.path).lastPathComponent
            guard name != module + ".md" else { continue }
            let root = try MarkdownFile("Sources/\(module)/\(module).docc/\(module).md")
            #expect(root.links.contains(name), "\(root.path) has no link to \(name)")
        }
    }

    @Test("include a README of at most 300 lines")
    func length() throws {
        // The last line ends with a line break.
        #expect(try MarkdownFile("README.md").lines.count - 1 <= 300)
    }
}
