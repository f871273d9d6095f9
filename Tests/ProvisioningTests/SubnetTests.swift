import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("The subnets of an iteration")
final class SubnetTests: Sendable {
    private let calls = Mutex(0)

    private func harness(failing: @escaping @Sendable () -> Bool = { false }) throws -> Harness {
        let ec2 = try TestEC2(before: { [self] call in
            guard call.hasPrefix("subnets") else { return }
            calls.withLock { $0 += 1 }
            if failing() {
                throw ServiceFailure(kind: .unauthorized, code: "UnauthorizedOperation", message: "no")
            }
        })
        ec2.subnets.withLock {
            $0 = [
                Subnet(id: "subnet-1", availabilityZone: "us-east-1a", freeAddresses: 9),
                Subnet(id: "subnet-2", availabilityZone: "us-east-1a", freeAddresses: 200),
                Subnet(id: "subnet-3", availabilityZone: "us-east-1b", freeAddresses: 200),
            ]
        }
        var definition = WorkerTypeDefinition.sample(minCapacity: 1)
        definition.launchSpec = ["SecurityGroupIds": ["sg-1"]]
        var harness = try Harness(
            ec2: ec2, queue: TestQueue([:]), workerTypes: ["alpha": definition, "beta": .sample()])
        let selection = try #require(SubnetSelection("subnet-1+subnet-2"))
        harness.deployment.rules.subnets = ["alpha": selection]
        return harness
    }

    @Test(
        "The subnet with the most free addresses is used, and subnets are read once an iteration in their region"
    )
    func chosen() async throws {
        let requests = Mutex<[String?]>([])
        let harness = try harness()
        harness.ec2.beforeLaunch.withLock {
            $0 = { request in
                requests.withLock { $0.append(request.launchSpecification["SubnetId"]?.stringValue) }
            }
        }
        let report = try await harness.iterate(0)
        #expect(report.bids.map(\.bid.pool.availabilityZone) == ["us-east-1a"])
        #expect(requests.withLock { $0 } == ["subnet-2"])
        #expect(calls.withLock { $0 } == 1)
        #expect(try harness.database.regions.all()["us-east-1"]?.subnets?.count == 3)
        #expect(try harness.database.regions.all()["eu-west-1"]?.subnets == nil)
    }

    @Test("The last known subnets apply while they cannot be read")
    func lastKnown() async throws {
        let isFailing = Mutex(false)
        let harness = try harness(failing: { isFailing.withLock { $0 } })
        try await harness.iterate(0)
        isFailing.withLock { $0 = true }
        let report = try await harness.iterate(1)
        #expect(report.outcome == .success)
        #expect(
            report.warnings == [
                "us-east-1: the subnets could not be read, so that the last known ones apply: UnauthorizedOperation: no"
            ])
        #expect(try harness.database.regions.all()["us-east-1"]?.subnets?.count == 3)
    }

    @Test("A full subnet is held, and another one of its zone is used")
    func full() async throws {
        let refused = Mutex<[String]>([])
        let harness = try harness()
        harness.ec2.beforeLaunch.withLock {
            $0 = { request in
                guard request.launchSpecification["SubnetId"] == "subnet-2" else { return }
                refused.withLock { $0.append("subnet-2") }
                throw ServiceFailure(
                    kind: .subnetFull, code: "InsufficientFreeAddressesInSubnet", message: "full")
            }
        }
        try await harness.iterate(0)
        #expect(refused.withLock { $0.count } == 1)
        #expect(
            try harness.database.holds.all().map(\.subject)
                == [HoldSubject(region: "us-east-1", subnet: "subnet-2")])
        let report = try await harness.iterate(1)
        #expect(report.count(.launched) == 1)
        #expect(refused.withLock { $0.count } == 1)
    }

    @Test("A deployment without the setting reads no subnets")
    func withoutSetting() async throws {
        var harness = try harness()
        harness.deployment.rules.subnets = [:]
        try await harness.iterate(0)
        #expect(calls.withLock { $0 } == 0)
    }
}
