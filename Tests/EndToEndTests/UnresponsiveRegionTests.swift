import Domain
import Formats
import Foundation
import TestSupport
import TestTags
import Testing

@Suite("A region whose launches have no response", .tags(.slow))
struct UnresponsiveRegionTests {
    /// The calls of RunInstances so far.
    private func launchCalls(_ deployment: Deployment, _ control: String) async throws -> Int {
        let state = try JSONValue(parsing: Data(try await deployment.ec2.control(control).utf8)).objectValue
        return state?["calls"]?.objectValue?.number("RunInstances") ?? 0
    }

    @Test(
        "is left for another region, its launches are repeated once an iteration, and succeed after the outage",
        arguments: ["hang", "error"])
    func outage(kind: String) async throws {
        var deployment = try await Deployment()
        // Bids in both regions: one region has too few zones.
        deployment.environment["AWS_PROVISIONER_MAX_POOL_SHARE"] = "0.1"
        try await deployment.apply("alpha", .sample(regions: ["us-east-1", "eu-west-1"]))
        // The first calls of a new moto are slow, and would exceed a short timeout.
        _ = try await deployment.iterate()
        if kind == "hang" { deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "10s" }
        try await deployment.setPending(["alpha": 20])
        let control = #"{"fault": {"us-east-1": {"kind": "\#(kind)", "action": "RunInstances"}}}"#
        try await deployment.ec2.control(control)
        _ = try await deployment.iterate(expecting: 69)
        let elsewhere = try await deployment.instances(region: "eu-west-1").count
        // The launches without a response, and the launches beside the last of them.
        let open = 20 - elsewhere
        #expect((RoundRefusals.unansweredLimit...RoundRefusals.unansweredLimit + 3).contains(open))
        let first = try await launchCalls(deployment, control)
        _ = try await deployment.iterate(expecting: 69)
        #expect(try await launchCalls(deployment, control) - first == open)
        #expect(try await deployment.instances(region: "us-east-1").isEmpty)
        try await deployment.ec2.control("{}")
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 20)
    }
}
