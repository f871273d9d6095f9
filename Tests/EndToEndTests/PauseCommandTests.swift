import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Commands on pauses")
struct PauseCommandTests {
    @Test("pause with author, reason and end, show the pause everywhere, and resume")
    func pauses() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        let paused = try await deployment.run(
            "worker-type", "pause", "alpha", "--until", "2h", "--reason", "broken image")
        #expect(paused.status == 0, "\(paused.errors)")
        #expect(
            paused.output.contains("worker type alpha is paused by ")
                && paused.output.contains("broken image"))
        #expect(try await deployment.run("region", "pause", "us-east-1").status == 0)
        #expect(try await deployment.run("instance-type", "pause", "c5.xlarge").status == 0)
        _ = try await deployment.iterate()
        #expect(try await deployment.instances(region: "us-east-1").isEmpty)

        let reason = "broken image"
        #expect(try await deployment.run("status").output.contains(reason))
        #expect(
            try await deployment.run("explain", "alpha").output.contains("region us-east-1 is paused by "))
        #expect(try await deployment.run("explain", "alpha").output.contains(reason))
        #expect(try await deployment.run("worker-type", "list").output.contains("until 20"))
        #expect(try await deployment.run("worker-type", "show", "alpha").errors.contains(reason))
        #expect(try await deployment.run("region", "list").output.contains("until it is resumed"))
        #expect(try await deployment.run("instance-type", "list").output.contains("until it is resumed"))
        #expect(try await deployment.run("events").output.contains("paused by "))

        for command in ["worker-type alpha", "region us-east-1", "instance-type c5.xlarge"] {
            let words = command.split(separator: " ").map(String.init)
            #expect(try await deployment.run(words[0], "resume", words[1]).status == 0)
            #expect(try await deployment.run(words[0], "resume", words[1]).status == 66)
        }
        _ = try await deployment.iterate()
        #expect(try await deployment.instances(region: "us-east-1").count == 1)
    }

    @Test(
        "that leave no pool, and a schedule with a maximum of 0, degrade no iteration",
        arguments: [["region", "pause", "us-east-1"], ["instance-type", "pause", "c5.xlarge"], []])
    func outcome(command: [String]) async throws {
        var deployment = try await Deployment(regions: ["us-east-1"])
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        try await deployment.setPending(["alpha": 2])
        if command.isEmpty {
            deployment.environment["AWS_PROVISIONER_SCHEDULES"] = "alpha=UTC Mon-Sun 00:00-24:00 min=0 max=0"
        } else {
            #expect(try await deployment.run(command[0], command[1], command[2]).status == 0)
        }
        let report = try await deployment.iterate()
        #expect(report["iteration"]?.objectValue?.text("outcome") == "success")
        #expect(report.list("bids").isEmpty)
    }

    @Test("refuse unknown subjects, and an end that is past or no time")
    func mistakes() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        let unknown = try await deployment.run("worker-type", "pause", "alpa")
        #expect(unknown.status == 66 && unknown.errors.contains("Did you mean alpha?"), "\(unknown.errors)")
        #expect(try await deployment.run("region", "pause", "us-east-2").status == 66)
        #expect(try await deployment.run("instance-type", "pause", "c5.2xlarge").status == 66)
        for end in ["2020-01-01T00:00:00Z", "soon", ""] {
            #expect(try await deployment.run("region", "pause", "us-east-1", "--until", end).status == 64)
        }
    }
}
