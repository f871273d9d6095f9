import TestSupport
import Testing

@Suite("Documented commands")
struct CommandTests {
    @Test("exist with their options, in every shell block and code span", arguments: MarkdownFile.all)
    func exist(file: MarkdownFile) async throws {
        let program = try await CommandReference.load()
        let names = Set(program.children.map(\.commandName))
        let scripts = file.blocks.filter { $0.language == "sh" }.flatMap {
            ShellScript($0.text).provisionerArguments
        }
        let spans = file.codeSpans.map { $0.split(separator: " ").map(String.init) }.compactMap { words in
            if words[0] == "aws-provisioner" { return Array(words.dropFirst()) }
            return words.count > 1 && names.contains(words[0]) ? words : nil
        }
        for words in scripts + spans {
            let problem = program.problem(in: words)
            #expect(problem == nil, "\(file.path): aws-provisioner \(words.joined(separator: " "))")
        }
    }

    @Test("are found by these tests, and unknown ones are refused")
    func recognition() async throws {
        let script = ShellScript(
            """
            LOG=x aws-provisioner status # aws-provisioner not-this
            su aws-provisioner -s /bin/sh -c 'aws-provisioner init' && docker exec aws-provisioner aws-provisioner \\
                explain a >file
            install -o aws-provisioner /usr/local/bin/aws-provisioner; swift run aws-provisioner demo
            """)
        #expect(script.provisionerArguments == [["status"], ["init"], ["explain", "a", ">file"], ["demo"]])
        let program = try await CommandReference.load()
        for known in [
            ["prune", "--changes", "365d", "--vacuum"], ["worker-type", "apply", "a", "b"],
            ["help", "client", "add"],
            ["simulate", "--policy", "a", "b", "--html", "c"], ["events", "-f", "--kind=failed"],
        ] {
            #expect(program.problem(in: known) == nil)
        }
        for unknown in [
            ["hold", "end"], ["worker-type", "copy"], ["status", "--all"], ["init", "now"],
            ["help", "client", "edit"],
            ["backup", "--json", "a", "--force"],
        ] {
            #expect(program.problem(in: unknown) != nil, "\(unknown)")
        }
    }

    @Test("are listed completely in the guide")
    func list() async throws {
        let guide = try MarkdownFile("Sources/Commands/Commands.docc/Commands.md")
        let rows = guide.lines.compactMap { $0.firstMatch(of: /^\| `(aws-provisioner [^`]+)` \|/) }
        let program = try await CommandReference.load()
        #expect(rows.map { String($0.output.1) }.sorted() == program.leaves.sorted())
    }

    @Test("have only options that exist, in every article", arguments: MarkdownFile.articles)
    func options(file: MarkdownFile) async throws {
        let known = try await CommandReference.load().allOptions
        for span in file.codeSpans where span.hasPrefix("--") {
            let name = try #require(span.firstMatch(of: /^--[a-z-]+/)).output
            let isKnown = known.contains(String(name))
            #expect(isKnown, "\(file.path): \(span)")
        }
    }

    @Test("of a simulation are documented with all options")
    func simulation() async throws {
        let program = try await CommandReference.load()
        let simulate = try #require(program.children.first { $0.commandName == "simulate" })
        let article = try MarkdownFile("Sources/Domain/Domain.docc/Simulation.md")
        let shown = article.codeSpans.flatMap { $0.split(separator: " ").map(String.init) }
        #expect(simulate.options.subtracting(shown).isEmpty)
    }
}
