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

    private func imports(of file: String) throws -> [String] {
        try String(contentsOfFile: file, encoding: .utf8)
            .matches(of: /(?m)^(?:@\w+ |public |package |internal )*import (?:\w+ )?(\w+)/)
            .map { String($0.output.1) }
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
                for name in try self.imports(of: file) {
                    guard let imported = modules.firstIndex(of: name) else { continue }
                    imports += 1
                    #expect(imported > index, "\(file) imports \(name)")
                }
            }
        }
        #expect(imports > 0)
    }

    @Test("is that of Package.swift: a module declares the modules that it imports")
    func dependencies() throws {
        let package = try String(contentsOfFile: Paths.root + "/Package.swift", encoding: .utf8)
        let modules = Set(try modules())
        for module in modules {
            // A declaration ends at the next one. Names of targets are the only quoted names of modules.
            let declaration = try Regex(
                "(?:library|program)\\(\\s*\"\(module)\"|\\.target\\(\\s*name: \"\(module)\"")
            guard let start = package.firstMatch(of: declaration)?.range.upperBound else { continue }
            let rest = package[start...]
            let end = rest.firstMatch(
                of: /\n        (?:library|program|\.target|\.system|\.executable|tests|\/\/)/)
            let declared = Set(
                rest[..<(end?.range.lowerBound ?? rest.endIndex)].matches(of: /"([\w-]+)"/)
                    .map { String($0.output.1) })
            for file in files(of: module) {
                for imported in try imports(of: file) where modules.contains(imported) {
                    #expect(declared.contains(imported), "\(file) imports \(imported)")
                }
            }
        }
    }
}
