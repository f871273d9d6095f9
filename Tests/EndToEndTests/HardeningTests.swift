import Foundation
import TestSupport
import Testing

/// The check that Tests/Benchmarks/run and Tests/deployment apply to the release executables, applied to small
/// programs with and without each protection. A debug build has none of the release's linker settings.
@Suite("The check of an executable's hardening")
struct HardeningTests {
    private static let complete = [
        "-fuse-ld=lld", "-pie", "-Wl,-z,now", "-Wl,-z,pack-relative-relocs",
    ]

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Links a program and checks it.
    private func check(_ flags: [String]) async throws -> Command {
        let source = try folder.write(
            "#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n", to: "program.c")
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        let built = try await Command.run(
            "/usr/bin/env", ["clang", source, "-o", folder.file("program")] + flags,
            environment: ["PATH": path])
        try #require(built.status == 0, "\(built.errors)")
        return try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/hardening.py", folder.file("program")])
    }

    @Test("finds no problem in a program with all protections")
    func hardened() async throws {
        let checked = try await check(Self.complete)
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        #expect(checked.output.isEmpty)
    }

    @Test(
        "names the protection that a program lacks",
        arguments: [
            (["-fuse-ld=lld", "-no-pie", "-Wl,-z,now"], "not position-independent"),
            (["-fuse-ld=lld", "-pie", "-Wl,-z,now"], "relative relocations are not packed"),
            (complete + ["-Wl,-z,lazy"], "resolved on first use"),
            (complete + ["-Wl,-z,norelro"], "no RELRO"),
            (complete + ["-Wl,-rpath=$ORIGIN"], "has a run path"),
            (complete + ["-Wl,-rpath=$ORIGIN", "-Wl,--disable-new-dtags"], "has a run path"),
            (complete + ["-Wl,-z,execstack"], "executable stack"),
            (complete + ["-Wl,--no-as-needed", "-lsqlite3"], "needs the shared library libsqlite3.so.0"),
        ])
    func unprotected(flags: [String], problem: String) async throws {
        let checked = try await check(flags)
        #expect(checked.status == 1)
        #expect(checked.output.contains(problem), "\(checked.output)\(checked.errors)")
    }

    @Test("All release builds have no run path")
    func commands() throws {
        for file in ["cron/build", "Tests/Benchmarks/run", "Tests/Benchmarks/policies"] {
            let text = try String(contentsOfFile: Paths.root + "/" + file, encoding: .utf8)
            let builds = text.split(separator: "\n").filter { $0.contains("--configuration release") }
            #expect(!builds.isEmpty, "\(file)")
            for build in builds { #expect(build.contains("--disable-local-rpath"), "\(file): \(build)") }
        }
    }
}
