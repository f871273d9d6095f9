import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The output of status for refusals and interruptions")
struct RefusalStatusTests {
    @Test(
        "contains each class of refusal, and the exit code matches",
        arguments: [
            ("InsufficientFreeAddressesInSubnet", 0, "held: default subnet of us-east-1"),
            ("MaxSpotInstanceCountExceeded", 0, "held: quota Standard spot in us-east-1 until"),
            ("InvalidAMIID.NotFound", 0, "held: us-east-1 for worker type alpha until"),
            ("UnauthorizedOperation", 78, "held: us-east-1 for worker type alpha until"),
        ])
    func refusals(code: String, exit: Int32, line: String) async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(regions: ["us-east-1"]))
        try await deployment.setPending(["alpha": 2])
        let fault = "{\"us-east-1\": {\"kind\": \"code:\(code)\", \"action\": \"RunInstances\"}}"
        try await deployment.ec2.control("{\"fault\": \(fault)}")
        _ = try await deployment.iterate(expecting: exit)
        _ = try await deployment.iterate()
        let status = try await deployment.run("status")
        #expect(status.status == 0)
        #expect(status.output.contains(line), "\(status.output)")
        #expect(try await deployment.count("alpha") == 0)
    }

    @Test("contains interruptions by pool, highest first, and failed terminations")
    func interruptions() async throws {
        let deployment = try await Deployment()
        let path = deployment.folder.file("provisioner.sqlite")
        let database = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
        let now = Date()
        func add(_ id: String, zone: String, hours: Double, isInterrupted: Bool) throws {
            let pool = Pool(region: "us-east-1", availabilityZone: zone, instanceType: "c5.xlarge")
            var launch = Launch(
                id: id, workerType: "alpha", definitionModified: now, iteration: 1, pool: pool, capacity: 1,
                market: .spot, mode: .runInstances, spotPrice: .zero, effectivePrice: .zero, bidPrice: .zero,
                createdAt: now, secretExpires: now)
            try database.launches.store(
                launch,
                request: LaunchRequest(
                    clientToken: id, pool: pool, market: .spot, mode: .runInstances, bidPrice: .zero,
                    launchSpecification: [:], userData: "", tags: [:], validUntil: now),
                securityToken: id, secret: SecretContent(secrets: [:], scopes: []))
            launch.state = .ended
            launch.instanceId = "i-" + id
            launch.startedAt = now.addingTimeInterval(-3600 * (hours + 1))
            launch.endedAt = now.addingTimeInterval(-3600)
            try database.launches.update([launch])
            guard isInterrupted else { return }
            try database.interruptions.record([
                Interruption(
                    instanceId: "i-" + id, launchId: id, workerType: "alpha", pool: pool,
                    reason: "Server.SpotInstanceTermination", at: now)
            ])
        }
        let empty = try await deployment.run("status")
        #expect(!empty.output.contains("interrupted"))
        try add("a", zone: "us-east-1a", hours: 100, isInterrupted: true)
        #expect(try await deployment.run("status").output.contains("interrupted in 30 days"))
        try add("b", zone: "us-east-1b", hours: 20, isInterrupted: true)
        try add("c", zone: "us-east-1c", hours: 50, isInterrupted: false)
        let lines = try await deployment.run("status").output.split(separator: "\n").map(String.init)
        let title = try #require(lines.firstIndex { $0.hasPrefix("interrupted in 30 days") })
        let rows = lines[(title + 1)...].map { $0.split(separator: " ").map(String.init) }
        #expect(
            rows == [
                ["us-east-1b", "c5.xlarge", "1", "20.0", "5.00"],
                ["us-east-1a", "c5.xlarge", "1", "100.0", "1.00"],
            ])
        let json =
            try JSONValue(
                parsing: Data(try await deployment.run("status", "--json").output.utf8)
            ).objectValue ?? [:]
        #expect(
            json.list("interruptionRates").map { $0.text("zone") } == [
                "us-east-1b", "us-east-1a", "us-east-1c",
            ])
        #expect(json.list("interruptionRates").first?["per100InstanceHours"]?.doubleValue == 5)
        #expect(json.list("terminations").isEmpty)
    }
}
