import Domain
import Foundation
import HTTPTransport
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Simulation

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

    @Test("Instances in another market than requested are a warning")
    func otherMarket() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        #expect(try await harness.iterate(1).warnings.isEmpty)
        let id = try #require(harness.ec2.live.first?.id)
        harness.ec2.change { simulated, _ in simulated.setLifecycle(of: id, .onDemand) }
        let report = try await harness.iterate(2)
        #expect(report.outcome == .success)
        #expect(
            report.warnings == ["1 instances were requested as spot and are on-demand in EC2: \(id)"])
    }

    @Test("A clock that differs from that of AWS is a warning")
    func clock() async throws {
        for (seconds, warnings) in [
            (-60.0, []),
            (
                -430.0,
                [
                    "this machine's clock is 7 minutes behind: correct it, because AWS refuses the calls of a wrong clock"
                ]
            ),
        ] as [(TimeInterval, [String])] {
            let harness = try Harness(queue: TestQueue([:]), workerTypes: [:])
            let caller = ServiceCaller(http: HTTPClient())
            caller.record(ClockSkew(seconds: seconds))
            let report = try await harness.iterate(0, calls: { caller.statistics })
            #expect(report.warnings == warnings)
        }
    }
}
