import Foundation
import TestSupport
import Testing

@Suite(
    "Documentation archives",
    .enabled(if: DocumentationCompiler.path != nil, "the toolchain contains no docc"))
struct ArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("are built with links between the articles, and without a warning")
    func archives() async throws {
        let compiler = URL(filePath: try #require(DocumentationCompiler.path))
        let tools = compiler.deletingLastPathComponent().path
        let built = try await Command.run(
            Paths.root + "/Tests/documentation", [folder.file("archives")],
            environment: ["PATH": "\(tools):/usr/bin:/bin"])
        #expect(built.status == 0, "\(built.output)\(built.errors)")
        #expect(!(built.output + built.errors).contains("warning"), "\(built.output)\(built.errors)")
        for article in MarkdownFile.articles {
            let module = URL(filePath: article.folder).deletingPathExtension().lastPathComponent
            let name = URL(filePath: article.path).deletingPathExtension().lastPathComponent
            let page = (name == module ? [module] : [module, name]).joined(separator: "/").lowercased()
            let data = try String(
                contentsOfFile: folder.file("archives/\(module).doccarchive/data/documentation/\(page).json"),
                encoding: .utf8)
            #expect(!data.contains(".md\""), "\(article.path): a link to a file instead of an article")
        }
    }

    @Test(
        "are converted from the catalogues as they are without a warning", arguments: ["Commands", "Domain"])
    func catalogues(module: String) async throws {
        // DocC finds the module of the root page in a symbol graph.
        let graph = """
            {"metadata": {"formatVersion": {"major": 0, "minor": 6, "patch": 0}, "generator": "a test"},
             "module": {"name": "\(module)", "platform": {}}, "symbols": [], "relationships": []}
            """
        _ = try folder.write(graph, to: module + ".symbols.json")
        let converted = try await Command.run(
            try #require(DocumentationCompiler.path),
            [
                "convert", Paths.root + "/Sources/\(module)/\(module).docc", "--warnings-as-errors",
                "--additional-symbol-graph-dir", folder.path, "--fallback-display-name", module,
                "--fallback-bundle-identifier", "aws-provisioner." + module,
                "--output-path", folder.file(module + ".doccarchive"),
            ])
        #expect(converted.status == 0, "\(converted.output)\(converted.errors)")
        #expect(!(converted.output + converted.errors).contains("warning"))
    }
}
