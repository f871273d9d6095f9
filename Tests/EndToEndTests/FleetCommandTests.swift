import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Commands on the fleet")
struct FleetCommandTests {
    /// A deployment with instances of two worker types, and a foreign instance.
    private func fleet() async throws -> (Deployment, foreign: String) {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 2))
        try await deployment.apply("beta", .sample(minCapacity: 1, regions: ["eu-west-1"]))
        _ = try await deployment.iterate()
        let foreign = try await deployment.aws(
            "run_instances", ["ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1])
        // The next iteration reads the launched instances.
        _ = try await deployment.iterate()
        return (deployment, try #require(foreign.list("Instances").first?.text("InstanceId")))
    }

    private func list(_ deployment: Deployment, _ arguments: String...) async throws -> [JSONObject] {
        let ended = try await Command.run(
            Paths.provisioner, ["instances", "--json"] + arguments, environment: deployment.environment)
        #expect(ended.status == 0, "\(ended.errors)")
        return try JSONValue(parsing: Data(ended.output.utf8)).objectValue?.list("instances") ?? []
    }

    @Test(
        "instances lists managed instances and no foreign ones, by worker type, region, type, state, market and age"
    )
    func instances() async throws {
        let (deployment, foreign) = try await fleet()
        let all = try await list(deployment)
        #expect(all.count == 3)
        #expect(!all.contains { $0.text("instanceId") == foreign })
        #expect(try await list(deployment, "alpha").count == 2)
        #expect(
            try await list(deployment, "--region", "eu-west-1").compactMap { $0.text("workerType") } == [
                "beta"
            ])
        #expect(try await list(deployment, "--type", "m5.large").isEmpty)
        #expect(try await list(deployment, "--type", "m5.large", "--type", "c5.xlarge").count == 3)
        #expect(try await list(deployment, "--state", "running").count == 3)
        #expect(try await list(deployment, "--state", "terminated").isEmpty)
        #expect(try await list(deployment, "--market", "spot").count == 3)
        #expect(try await list(deployment, "--market", "on-demand").isEmpty)
        #expect(try await list(deployment, "--older-than", "1h").isEmpty)
        #expect(try await list(deployment, "--younger-than", "1h").count == 3)
        let table = try await deployment.run("instances").output
        #expect(table.contains("3 of 3 instances, read "))
        #expect(try await deployment.run("instances", "--older-than", "soon").status == 64)
    }

    @Test("terminate ends the named instances, records it, and never ends a foreign instance")
    func terminate() async throws {
        let (deployment, foreign) = try await fleet()
        let alphas = try await list(deployment, "alpha").compactMap { $0.text("instanceId") }
        let unasked = try await deployment.run("terminate", alphas[0])
        #expect(unasked.status == 64, "no terminal for the confirmation, and no --yes")
        #expect(try await deployment.count("alpha") == 2)
        let mixed = try await deployment.run("terminate", "--yes", alphas[0], foreign)
        #expect(mixed.status == 65)
        #expect(mixed.errors.contains("\(foreign) is no live instance of this deployment: nothing was done"))
        #expect(try await deployment.count("alpha") == 2)
        let one = try await deployment.run("terminate", "--yes", alphas[0], "--reason", "hangs")
        #expect(one.output == "terminated 1 instance\n")
        #expect(try await deployment.count("alpha") == 1)
        let again = try await deployment.run("terminate", "--yes", alphas[0])
        #expect(again.status == 65)
        let all = try await deployment.run("terminate", "--yes", "--worker-type", "beta", "--json")
        #expect(all.status == 0, "\(all.errors)")
        #expect(try await deployment.count("beta") == 0)
        #expect(
            try await deployment.instances(region: "us-east-1").contains { $0.text("InstanceId") == foreign }
        )
        #expect(
            try await deployment.run("terminate", "--yes", "--worker-type", "beta").output
                == "nothing to terminate\n")
        let events = try await deployment.run("events", "--kind", "by-hand").output
        #expect(
            events.contains(
                "alpha: instance \(alphas[0]) terminated by \(NSUserName()) (terminate), by hand: hangs"))
        #expect(events.contains("beta: instance i-"))
        #expect(!events.contains(foreign))
        for arguments in [["terminate"], ["terminate", "x-1"], ["terminate", "i-1", "--worker-type", "a"]] {
            let wrong = try await Command.run(
                Paths.provisioner, arguments, environment: deployment.environment)
            #expect(wrong.status == 64)
        }
    }

    @Test("terminate changes nothing while a region is unavailable, and reports a failed call")
    func unanswered() async throws {
        var (deployment, _) = try await fleet()
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "3s"
        try await deployment.ec2.control(#"{"fault": {"eu-west-1": {"kind": "error"}}}"#)
        let unread = try await deployment.run("terminate", "--yes", "--worker-type", "alpha")
        #expect(unread.status == 69)
        try await deployment.ec2.control(#"{"fault": {}}"#)
        #expect(try await deployment.count("alpha") == 2)
        try await deployment.ec2.control(
            #"{"fault": {"us-east-1": {"kind": "code:UnauthorizedOperation", "action": "TerminateInstances"}}}"#
        )
        let refused = try await deployment.run("terminate", "--yes", "--worker-type", "alpha")
        #expect(refused.status == 69)
        #expect(refused.errors.contains(": UnauthorizedOperation"))
        #expect(
            try await deployment.run("events", "--kind", "by-hand").output.contains(
                "failed: UnauthorizedOperation"))
    }

    @Test("events --follow shows events at once, and ends with code 0 on SIGINT")
    func follow() async throws {
        let deployment = try await Deployment()
        let following = try deployment.start("events", "--follow", "--json", "--interval", "0.2")
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        #expect(await eventually { following.outputSoFar.contains("created by") })
        _ = try await deployment.iterate()
        #expect(await eventually { following.outputSoFar.contains("\"launched\"") })
        following.signal(SIGINT)
        let ended = try await following.end()
        #expect(ended.status == 0 && !ended.wasKilled)
        let events = try ended.output.split(separator: "\n").map { line in
            try #require(try JSONValue(parsing: Data(line.utf8)).objectValue)
        }
        let kinds = events.filter { $0.text("workerType") == "alpha" }.compactMap { $0.text("event") }
        #expect(kinds == ["changed", "decided", "launched"])
        #expect(events.last?.text("text")?.contains("us-east-1") == true)
        let past = try await deployment.run("events", "--worker-type", "alpha").output
        #expect(past.contains("decided     alpha: 0 tasks pending, 0 running, 0 booting, 0 requested: buy 1"))
        #expect(try await deployment.run("events", "--since", "1s", "--kind", "refused").output.isEmpty)
    }
}
