import Foundation
import TestSupport
import Testing

/// The scripts of this folder, with programs in their path that record their arguments and do nothing.
@Suite("The scripts in Tests")
struct TestScriptTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let files = FileManager.default
        for path in ["Tests", ".build/taskcluster", "programs"] {
            try files.createDirectory(atPath: folder.file(path), withIntermediateDirectories: true)
        }
        for path in try Self.scripts() + [
            "Tests/install", "Tests/requirements.txt", "Tests/requirements-sandbox.txt",
        ] {
            let copy = URL(filePath: folder.file(path))
            try files.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.copyItem(atPath: Paths.root + "/" + path, toPath: copy.path)
        }
        let program = try folder.write(
            "#!/bin/sh\necho \"${0##*/} $*\" >> \(folder.file("calls"))\necho 'install ok installed'\n",
            to: "program")
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let programs = ["dpkg-query", "dpkg-deb", "apt-get", "sudo", "swift", "python3"].map {
            "programs/" + $0
        }
        let installed = ["test-venv/bin/python", "test-venv/bin/pip", "prometheus/usr/bin/promtool"]
        for path in programs + installed.map({ ".build/" + $0 }) {
            let link = URL(filePath: folder.file(path))
            try files.createDirectory(
                at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.createSymbolicLink(atPath: link.path, withDestinationPath: program)
        }
    }

    /// The scripts that source `Tests/install`, by their path from the project's root.
    private static func scripts() throws -> [String] {
        let tests = URL(filePath: Paths.root + "/Tests")
        let paths = try #require(FileManager.default.enumerator(atPath: tests.path)).compactMap {
            $0 as? String
        }
        return paths.filter { path in
            guard URL(filePath: path).pathExtension.isEmpty, path != "install" else { return false }
            guard let data = FileManager.default.contents(atPath: tests.path + "/" + path) else {
                return false
            }
            return String(decoding: data, as: UTF8.self).contains("source Tests/install")
        }.map { "Tests/" + $0 }.sorted()
    }

    /// Runs a script and returns the calls of other programs that it made.
    private func calls(_ script: String, _ arguments: [String]) async throws -> [String] {
        _ = try await Command.run(
            "/bin/bash", [folder.file(script)] + arguments,
            environment: ["PATH": folder.file("programs") + ":/usr/bin:/bin"])
        return try String(contentsOfFile: folder.file("calls"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    @Test("install their listed packages, and never their arguments", arguments: try scripts())
    func packages(script: String) async throws {
        // Tests/deployment refuses other arguments before it installs anything.
        let arguments = script == "Tests/deployment" ? ["image"] : ["--filter", "RouterTests"]
        let asked = try await calls(script, arguments).filter {
            $0.hasPrefix("dpkg-query ") || $0.hasPrefix("apt-get ")
        }
        let names = asked.flatMap { $0.split(separator: " ").map(String.init) }
        let text = try String(contentsOfFile: Paths.root + "/" + script, encoding: .utf8)
        // A script of the sandbox needs no web server and no browser.
        let needsAll = !text.contains("install_part=sandbox")
        for name in ["lighttpd", "chromium"] { #expect(names.contains(name) == needsAll, "\(asked)") }
        #expect(names.contains("python3-venv"))
        for argument in arguments { #expect(!names.contains(argument), "\(asked)") }
        for line in text.matches(of: /more_packages=\(([^)]*)\)/) {
            for name in line.output.1.split(separator: " ") { #expect(names.contains(String(name))) }
        }
    }

    @Test("run passes its arguments to swift test")
    func filter() async throws {
        let called = try await calls("Tests/run", ["--filter", "RouterTests"])
        #expect(called.last == "swift test --skip-build --disable-xctest --filter RouterTests")
    }

    @Test("run --fast skips tagged suites and the lint, and passes further arguments")
    func fast() async throws {
        let called = try await calls("Tests/run", ["--fast", "--filter", "RouterTests"])
        #expect(!called.contains { $0.hasPrefix("swift format") })
        #expect(called.contains { $0.hasSuffix("tagged_suites.py moto webServer browser slow") })
        let last = try #require(called.last)
        #expect(last.hasPrefix("swift test --skip-build --disable-xctest --skip ^EndToEndTests"))
        #expect(last.hasSuffix(" --filter RouterTests"))
    }

    @Test("install the Python packages once, and again after a change of the requirements")
    func requirements() async throws {
        let installations = { (calls: [String]) in calls.count { $0.contains("install --quiet") } }
        #expect(try await installations(calls("Tests/sandbox", ["true"])) == 1)
        #expect(try await installations(calls("Tests/sandbox", ["true"])) == 1, "the calls of both runs")
        _ = try folder.write("moto==0\n", to: "Tests/requirements-sandbox.txt")
        #expect(try await installations(calls("Tests/sandbox", ["true"])) == 2)
    }

    @Test("sandbox passes its arguments to the command")
    func sandbox() async throws {
        let called = try await calls("Tests/sandbox", ["echo", "--filter"])
        #expect(called.last?.hasSuffix("sandbox.py echo --filter") == true)
    }

    @Test("Suites outside of EndToEndTests that start a server or a program have a tag")
    func tags() throws {
        let tests = Paths.root + "/Tests"
        let paths = try #require(FileManager.default.enumerator(atPath: tests)).compactMap { $0 as? String }
        let signs = [
            "Server(\"", "Paths.python", "Paths.provisioner", "Paths.api", "Paths.status", "ServiceModel.",
        ]
        var suites = 0
        for path in paths where path.hasSuffix("Tests.swift") && !path.hasPrefix("EndToEndTests/") {
            let text = try String(contentsOfFile: tests + "/" + path, encoding: .utf8)
            for suite in text.components(separatedBy: "@Suite(").dropFirst() {
                suites += 1
                let line = try #require(suite.split(separator: "\n").first)
                if signs.contains(where: suite.contains) {
                    #expect(line.contains(".tags("), "\(path): \(line) starts a program and has no tag")
                }
            }
        }
        #expect(suites > 50)
    }
}
