import Domain
import Formats
import Foundation
import Provisioning
import Storage
import TestSupport
import Testing

@Suite("A managed region that an iteration cannot use")
struct ClosedRegionTests {
    private static let refused = ServiceFailure(
        kind: .unauthorized, code: "UnauthorizedOperation", message: "ec2:ImportKeyPair is not allowed")

    private func problems(
        failing calls: [String], regions: [String] = ["us-east-1"], canUseSpot: Bool = true
    ) async throws -> [String] {
        let ec2 = try TestEC2(before: { call in if calls.contains(call) { throw Self.refused } })
        var definition = WorkerTypeDefinition.sample(regions: regions)
        definition.canUseSpot = canUseSpot
        definition.canUseOndemand = !canUseSpot
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": definition])
        harness.deployment.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== comment"
        let report = try await harness.iterate(0)
        let decision = try #require(report.decision("alpha"))
        let stored = try #require(try harness.database.iterations.explanation(of: "alpha"))
        #expect(stored.decision.problems == decision.problems)
        let line = try #require(report.json["workerTypes"]?.arrayValue?.first?.objectValue)
        #expect(line["problems"] == .array(decision.problems.map { .string($0.text) }))
        #expect(decision.bids.isEmpty == (regions.count == 1))
        return decision.problems.map(\.text)
    }

    @Test(
        "It is the problem of a worker type without another region",
        arguments: [
            ("ensureKeyPair us-east-1", "the key pair of us-east-1 cannot be used"),
            ("regionState us-east-1", "the region us-east-1 could not be read"),
            ("spotPrices us-east-1", "the spot prices of us-east-1 could not be read"),
        ], [true, false])
    func onlyRegion(_ expected: (call: String, reason: String), canUseSpot: Bool) async throws {
        #expect(
            try await problems(failing: [expected.call], canUseSpot: canUseSpot) == [
                "\(expected.reason), so that nothing launches there: \(Self.refused)"
            ])
    }

    @Test("It is a problem beside bids in other regions, and no problem of worker types without the region")
    func otherRegions() async throws {
        let both = try await problems(
            failing: ["ensureKeyPair us-east-1"], regions: ["us-east-1", "eu-west-1"])
        #expect(both.count == 1 && both.first?.contains("the key pair of us-east-1") == true)
        let ec2 = try TestEC2(before: { if $0 == "ensureKeyPair us-east-1" { throw Self.refused } })
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["beta": 1]), workerTypes: ["beta": .sample(regions: ["eu-west-1"])])
        harness.deployment.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== comment"
        #expect(try await harness.iterate(0).decision("beta")?.problems == [])
    }

    @Test("The failure of the region precedes the failures of its key pair and prices")
    func order() async throws {
        let calls = ["spotPrices us-east-1", "ensureKeyPair us-east-1", "regionState us-east-1"]
        let found = try await problems(failing: calls)
        #expect(found.count == 1 && found.first?.contains("could not be read") == true)
    }
}
