import Foundation
import TestSupport
import Testing

@Suite("The layout in CONTRIBUTING")
struct LayoutTests {
    /// The modules of the table, from top to bottom.
    private func modules() throws -> [String] {
        try MarkdownFile(".github/CONTRIBUTING.md").section("Layout").flatMap { line -> [String] in
            guard line.hasPrefix("| `") else { return [] }
            return line.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { String($0.output.1) }
        }
    }

    private func files(of module: String) -> [String] {
        let folder = Paths.root + "/Sources/" + module
        return (FileManager.default.enumerator(atPath: folder)?.allObjects ?? [])
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }
    }

    @Test("lists each folder of Sources once")
    func folders() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Paths.root + "/Sources")
        #expect(try modules().sorted() == folders.filter { !$0.hasPrefix(".") }.sorted())
    }

    @Test("lists each module above the modules that it imports")
    func order() throws {
        let modules = try modules()
        var imports = 0
        for (index, module) in modules.enumerated() {
            for file in files(of: module) {
                let text = try String(contentsOfFile: file, encoding: .utf8)
                for line in text.matches(
                    of: /(?m)^(?:@\w+ |public |package |internal )*import (?:\w+ )?(\w+)/)
                {
                    guard let imported = modules.firstIndex(of: String(line.output.1)) else { continue }
                    imports += 1
                    #expect(imported > index, "\(file) imports \(line.output.1)")
                }
            }
        }
        #expect(imports > 0)
    }
}
