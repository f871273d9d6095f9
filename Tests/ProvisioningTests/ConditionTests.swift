import Domain
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Conditions of the services")
struct ConditionTests {
    @Test("Price records that were skipped are a warning, and take neither the region nor its capacity")
    func unusablePrices() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        harness.ec2.unusablePrices.withLock { $0 = ["us-east-1": 3] }
        let report = try await harness.iterate(0)
        #expect(report.outcome == .success)
        #expect(report.count(.launched) == 2)
        #expect(
            report.warnings == [
                "prices us-east-1: 3 records without a type, zone, time or positive price were skipped"
            ])
        #expect(report.summary.warnings == report.warnings)
        #expect(try await harness.iterate(1).warnings.isEmpty, "the prices are not fetched again")
    }
}
