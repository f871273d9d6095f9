import Domain
import Formats
import Foundation
import GRDB
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
    /// Runs a command on a terminal of `script`, and returns its output.
    private func onTerminal(
        _ arguments: [String], _ environment: [String: String], columns: Int = 80
    ) async throws -> String {
        let line = ([Paths.provisioner] + arguments).joined(separator: " ")
        let shown = try await Command.run(
            "/usr/bin/script", ["-qec", line, "/dev/null"],
            environment: environment.merging(
                ["COLUMNS": "\(columns)", "TERM": "xterm"], uniquingKeysWith: { own, _ in own }))
        return shown.output.replacing("\r\n", with: "\n")
    }

    @Test("--version prints the versions of the program and of its SQLite")
    func version() async throws {
        let linked = try await DatabaseQueue().read {
            try String.fetchOne($0, sql: "SELECT sqlite_version()")
        }
        let shown = try await Command.run(Paths.provisioner, ["--version"])
        #expect(shown.status == 0)
        let parts = try #require(
            shown.output.wholeMatch(of: /aws-provisioner \d+\.\d+\.\d+, SQLite (\d+\.\d+\.\d+)\n/))
        #expect(String(parts.output.1) == linked)
    }

    @Test(
        "A library without the required functions ends a command with one line that names its package")
    func unusableLibrary() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("libcrypto.so.3"), withDestinationPath: Paths.movedClock)
        let ended = try await Command.run(
            Paths.provisioner, ["init"],
            environment: [
                "LD_LIBRARY_PATH": folder.path,
                "AWS_PROVISIONER_DATABASE": folder.file("provisioner.sqlite"),
            ])
        #expect(ended.status == 78)
        #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        #expect(ended.errors.contains("undefined symbol: EVP_Digest"))
        #expect(ended.errors.contains("libssl3"))
    }

    @Test("Tables fit the terminal, with an ellipsis in truncated cells; a pipe gets the full text")
    func width() async throws {
        let deployment = try await Deployment()
        let types = ["c5.large", "c5.xlarge", "c5.2xlarge", "c5.4xlarge"].map { ($0, 1, 1.0) }
        try await deployment.apply(
            "a-worker-type-with-a-long-name", .sample(maxCapacity: 12345, types: types))
        let list = ["worker-type", "list"]
        for columns in [60, 80, 120] {
            let shown = try await onTerminal(
                list, deployment.environment.merging(["NO_COLOR": "1"], uniquingKeysWith: { $1 }),
                columns: columns)
            let lines = shown.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= columns }, "\(shown)")
            #expect(lines[1].contains("…"))
            #expect(lines[1].contains("12345"), "a number is never cut")
            #expect((lines.count > 2) == (columns < 120), "a last line names the columns that are left out")
        }
        let piped = try await deployment.run("worker-type", "list").output
        #expect(piped.contains("c5.large,c5.xlarge,c5.2xlarge,c5.4xlarge"))
        #expect(!piped.contains("…"))
    }

    @Test("Colours appear on capable terminals without NO_COLOR")
    func colours() async throws {
        let deployment = try await Deployment()
        let list = ["worker-type", "list"]
        let escape = "\u{1b}["
        #expect(try await onTerminal(list, deployment.environment).contains(escape))
        for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
            let environment = deployment.environment.merging([name: value], uniquingKeysWith: { $1 })
            #expect(!(try await onTerminal(list, environment).contains(escape)))
        }
        #expect(!(try await deployment.run("worker-type", "list").output.contains(escape)))
    }

    @Test("terminate asks for confirmation on a terminal, and does nothing without a yes")
    func asks() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        _ = try await deployment.iterate()
        func answer(_ text: String) async throws -> String {
            let line = "\(Paths.provisioner) terminate --worker-type alpha"
            return try await Command.run(
                "/usr/bin/script", ["-qec", line, "/dev/null"], environment: deployment.environment,
                input: text + "\n"
            ).output
        }
        #expect(try await answer("").contains("Terminate 1 instance? [y/N]"))
        #expect(try await deployment.count("alpha") == 1)
        #expect(try await answer("y").contains("terminated 1 instance"))
        #expect(try await deployment.count("alpha") == 0)
    }

    @Test("Completions are valid scripts of their shells", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let made = try await Command.run(Paths.provisioner, ["--generate-completion-script", shell])
        #expect(made.status == 0)
        let path = try TemporaryFolder()
        let script = try path.write(made.output, to: "completion")
        let read = try await Command.run("/usr/bin/\(shell)", ["-n", script])
        #expect(read.status == 0, "\(read.errors)")
        for name in ["doctor", "worker-type", "events"] { #expect(made.output.contains(name)) }
    }

    @Test("bash completes commands, options and the names of worker types")
    func completing() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("build-linux", .sample())
        let script = try await Command.run(Paths.provisioner, ["--generate-completion-script", "bash"]).output
        let path = try deployment.folder.write(script, to: "completion.bash")
        func complete(_ words: String...) async throws -> [String] {
            let program = """
                source \(path)
                PATH=\(Paths.products):$PATH
                COMP_WORDS=(aws-provisioner \(words.map { "'\($0)'" }.joined(separator: " ")))
                COMP_CWORD=\(words.count)
                COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}
                $(complete -p aws-provisioner | sed 's/.*-F \\([^ ]*\\).*/\\1/') aws-provisioner '\(words.last ?? "")' ''
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let done = try await Command.run(
                "/bin/bash", ["-c", program], environment: deployment.environment)
            return done.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(try await complete("doc") == ["doctor"])
        #expect(try await complete("worker-type", "his") == ["history"])
        #expect(try await complete("events", "--fol") == ["--follow"])
        #expect(try await complete("worker-type", "show", "bu") == ["build-linux"])
        #expect(try await complete("client", "remove", "aws") == ["aws-provisioner/issuer"])
        #expect(try await complete("status", "--database", "/nowhere/p.sqlite", "bu") == [])
    }

    @Test("Each command has a manual page without warnings of mandoc and man")
    func manual() async throws {
        let folder = try TemporaryFolder()
        let made = try await Command.run(Paths.provisioner, ["man", folder.path])
        #expect(made.status == 0, "\(made.errors)")
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(made.output == "\(pages.count) pages in \(folder.path)\n")
        for page in [
            "aws-provisioner.1", "aws-provisioner-worker-type-edit.1", "aws-provisioner-man.1",
            "aws-provisioner-api.1", "aws-provisioner-status.1", "aws-provisioner-status-command.1",
        ] {
            #expect(pages.contains(page))
        }
        let paths = pages.map { folder.file($0) }
        // The pages refer to each other, and mandoc searches the installed pages.
        let linted = try await Command.run("/usr/bin/mandoc", ["-Tlint", "-Wwarning"] + paths)
        #expect(linted.status == 0, "\(linted.output)\(linted.errors)")
        for path in paths {
            let read = try await Command.run(
                "/usr/bin/man", ["--warnings", "-l", path],
                environment: ["LC_ALL": "C.UTF-8", "MANPAGER": "cat"])
            #expect(read.status == 0 && read.errors.isEmpty, "\(path): \(read.errors)")
            #expect(read.output.contains("EXIT STATUS"))
        }
        let page = try String(contentsOfFile: folder.file("aws-provisioner-status.1"), encoding: .utf8)
        #expect(page.contains("as a CGI program"))
        let root = try String(contentsOfFile: folder.file("aws-provisioner.1"), encoding: .utf8)
        #expect(root.contains(".It Ev AWS_PROVISIONER_DATABASE"))
        #expect(try await Command.run(Paths.provisioner, ["man"]).output == root)
        #expect(try await Command.run(Paths.provisioner, ["man", "/nowhere"]).status == 73)
    }

    @Test("backup makes a usable copy of the database, and overwrites no file")
    func backup() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(secrets: ["t": "planted-worker-secret"]))
        let copy = deployment.folder.file("copy.sqlite")
        #expect(try await deployment.run("backup", copy).output.hasSuffix(" MB, checked\n"))
        let again = try await deployment.run("backup", copy)
        #expect(again.status == 73)
        #expect(again.errors.contains("exists already, and is not overwritten"))
        deployment.environment["AWS_PROVISIONER_ENCRYPTION_KEY_FILE"] = deployment.folder.file(
            "provisioner.sqlite.key")
        deployment.environment["AWS_PROVISIONER_DATABASE"] = copy
        let shown = try await deployment.run("worker-type", "show", "alpha", "--with-secrets")
        #expect(shown.output.contains("planted-worker-secret"))
        #expect(try await deployment.run("doctor").output.contains("opens what is sealed"))
    }

    @Test("prune deletes old records, and none of the last day")
    func prune() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        _ = try await deployment.iterate()
        #expect(try await deployment.run("prune", "--launches", "1h").status == 64)
        // Without --changes, the setting determines the age.
        let year = Date().addingTimeInterval(-366 * 86_400).timeIntervalSince1970 * 1000
        try await DatabaseQueue(path: deployment.folder.file("provisioner.sqlite")).write { db in
            try db.execute(
                sql: """
                    INSERT INTO audit (at, author, means, action, kind, subject)
                    VALUES (?, 'a', 'b', 'removed', 'client', 'c')
                    """, arguments: [Int64(year)])
        }
        let yearly = try await deployment.run("prune")
        #expect(yearly.output == "forgot 0 iterations, 0 launches and 1 changes\n")
        let kept = try await deployment.run(
            "prune", "--iterations", "1d", "--launches", "1d", "--changes", "1d", "--vacuum", "--json")
        #expect(kept.status == 0, "\(kept.errors)")
        let answer = try JSONValue(parsing: Data(kept.output.utf8)).objectValue
        #expect(answer?.number("removedIterations") == 0)
        #expect(answer?.number("removedChanges") == 0)
        #expect(try await deployment.run("worker-type", "history", "alpha").status == 0)
        #expect(try await deployment.run("instances", "--json").status == 0)
    }
}
