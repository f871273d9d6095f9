import Domain
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Provisioning
@testable import Storage

@Suite("A region that is managed no more")
struct RetiredRegionTests {
    private static let refused = ServiceFailure(
        kind: .unauthorized, code: "UnauthorizedOperation", message: "not allowed")

    /// A deployment with two instances in a region that was removed from the settings and from the permissions.
    private func retired() async throws -> Harness {
        let isRetired = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call == "regionState us-east-1", isRetired.withLock({ $0 }) { throw Self.refused }
        })
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1", "eu-west-1"])])
        harness.deployment.regions = ["us-east-1"]
        #expect(try await harness.iterate(0).count(.launched) == 2)
        try await harness.iterate(1)
        isRetired.withLock { $0 = true }
        harness.deployment.regions = ["eu-west-1"]
        harness.queue.set("alpha", 0)
        return harness
    }

    @Test("It is a warning while it cannot be read, and is given up after max life")
    func givenUp() async throws {
        let harness = try await retired()
        let unread = try await harness.iterate(2)
        #expect(unread.outcome == .success && !unread.isMisconfigured)
        #expect(unread.warnings.count == 1)
        #expect(unread.warnings.allSatisfy { $0.contains("region forget us-east-1") })
        #expect(unread.decision("alpha")?.tally.total == 2, "the last known capacity counts")
        let late = try await harness.iterate(97 * 60)
        #expect(late.warnings.contains { $0.contains("it is given up, and 2 launches are lost") })
        #expect(late.decision("alpha")?.tally.total == 0)
        let after = try await harness.iterate(97 * 60 + 1)
        #expect(after.warnings.isEmpty && after.outcome == .success)
        #expect(try harness.database.launches.openRegions().isEmpty)
        #expect(try harness.database.regions.all()["us-east-1"] == nil)
    }

    @Test("A person gives it up at once, and the change is recorded")
    func forgotten() async throws {
        let harness = try await retired()
        #expect(try harness.database.launches.openRegions() == ["us-east-1": 2])
        let now = Date.start.plus(minutes: 3)
        #expect(try harness.database.launches.giveUp(region: "us-east-1", now: now) == 2)
        #expect(try harness.database.launches.giveUp(region: "us-east-1", now: now) == 0)
        let report = try await harness.iterate(3)
        #expect(report.warnings.isEmpty && report.decision("alpha")?.tally.total == 0)
        let entry = try #require(try harness.database.audit.entries().last)
        #expect(entry.kind == .region && entry.subject == "us-east-1")
        #expect(entry.note == "2 launches are lost")
    }
}
