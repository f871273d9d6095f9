import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("On a terminal with colours")
struct TerminalTests {
    /// The lines that the terminal shows.
    private func shown(_ command: Command) -> [String] {
        command.output.withoutEscapeSequences.split(separator: "\n").map(String.init)
    }

    @Test("each line of demo fits, and ends its styles", arguments: [60, 80, 120])
    func demo(columns: Int) async throws {
        let ended = try await Command.runOnTerminal(
            Paths.provisioner, ["demo", "--minutes", "4"], columns: columns)
        #expect(ended.status == 0)
        #expect(ended.output.contains("\u{1b}[1m"))
        for line in ended.output.split(separator: "\n").drop(while: { !$0.contains("\u{1b}[2K") }) {
            #expect(String(line).withoutEscapeSequences.count <= columns, "\(line)")
            let styles = line.matches(of: /\u{1b}\[(\d+)m/).map { $0.output.1 }
            #expect(styles.last ?? "0" == "0", "\(line)")
        }
        #expect(shown(ended).contains { $0.hasPrefix("worker type  pending  running  booting") })
    }

    @Test("demo ends in order when it is interrupted")
    func interruption() async throws {
        let running = try Command.startOnTerminal(
            "/bin/sh", ["-c", "echo process $$; exec \(Paths.provisioner) demo --minutes 1000"])
        var process: pid_t?
        #expect(
            await eventually {
                let output = running.outputSoFar
                process = output.firstMatch(of: /process (\d+)/).flatMap { pid_t($0.output.1) }
                return output.contains("minute 2 of 1000")
            })
        kill(try #require(process), SIGINT)
        let ended = try await running.end()
        #expect(ended.status == 0)
        #expect(!ended.output.contains("Error"))
        #expect(ended.output.contains("tasks done"))
        #expect(ended.output.contains("USD a task-hour"))
    }

    @Test("tables fit, with complete names; --wide shows all columns", arguments: [60, 80, 120])
    func tables(columns: Int) async throws {
        let deployment = try await Deployment()
        let name = "build-linux-with-a-long-name"
        try await deployment.apply(name, .sample(minCapacity: 1))
        for _ in 0..<2 { _ = try await deployment.iterate() }
        let ids =
            try await deployment.instances(region: "us-east-1").compactMap { $0.text("InstanceId") }
            + deployment.instances(region: "eu-west-1").compactMap { $0.text("InstanceId") }
        let id = try #require(ids.first)
        for (arguments, expected) in [
            (["status"], name), (["instances"], id), (["worker-type", "list"], name),
            (["client", "list"], "aws-provisioner/issuer"),
        ] {
            let table = try await Command.runOnTerminal(
                Paths.provisioner, arguments, environment: deployment.environment, columns: columns)
            let lines = shown(table).prefix(2)
            #expect(lines.allSatisfy { $0.count <= columns }, "\(lines)")
            #expect(lines.last?.hasPrefix(expected) == true, "\(lines)")
            let wide = try await Command.runOnTerminal(
                Paths.provisioner, arguments + ["--wide"], environment: deployment.environment,
                columns: columns)
            #expect(!wide.output.contains("…"))
            #expect(!wide.output.contains("--wide also shows"))
            let last = arguments == ["status"] ? "decided" : arguments == ["instances"] ? "checked in" : ""
            #expect(shown(wide)[0].hasSuffix(last))
        }
        let question = try await Command.runOnTerminal(
            Paths.provisioner, ["terminate", "--worker-type", name], environment: deployment.environment,
            columns: columns, input: "\n")
        #expect(question.output.contains(id))
        let doctor = try await Command.runOnTerminal(
            Paths.provisioner, ["doctor"], environment: deployment.environment, columns: columns)
        #expect(!doctor.output.contains("…"))
        #expect(shown(doctor).allSatisfy { $0.count <= columns }, "\(doctor.output)")
    }
}
