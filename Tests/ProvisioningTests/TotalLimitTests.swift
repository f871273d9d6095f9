import Domain
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Provisioning
@testable import Simulation

@Suite("Limits of spend in iterations")
struct TotalLimitTests {
    @Test("What was spent in the day counts until its end, also of ended instances")
    func day() async throws {
        var harness = try Harness(queue: TestQueue(["alpha": 50]), workerTypes: ["alpha": .sample()])
        harness.deployment.rules.totalLimits[.dailySpend] = 1
        // 22:13. An instance costs about 0.1 USD an hour.
        let first = try await harness.iterate(0)
        #expect((5...12).contains(first.count(.launched)), "\(first.count(.launched))")
        // An hour later all instances end. What they cost stays spent.
        for minute in [30.0, 59] {
            let report = try await harness.iterate(minute)
            #expect(report.count(.launched) == 0)
            #expect(report.limits.allSatisfy { $0.used - ($0.nextHour ?? 0) <= 1.2 })
        }
        let ids = harness.ec2.live.map(\.id)
        harness.ec2.change { $0.terminate(ids, now: $1) }
        let empty = try await harness.iterate(60)
        #expect(empty.count(.launched) < first.count(.launched) / 2)
        #expect(try harness.database.spend.spend(now: .start.plus(minutes: 60)).today > 0.7)
        let rest = harness.ec2.live.map(\.id)
        harness.ec2.change { $0.terminate(rest, now: $1) }
        let nextDay = try await harness.iterate(107)
        #expect(nextDay.count(.launched) > empty.count(.launched))
        let (today, month) = try harness.database.spend.spend(now: .start.plus(minutes: 107))
        #expect(month > 0.7 && today < 0.1)
    }

    @Test("A launch whose worker type is removed still counts")
    func removedWorkerType() async throws {
        var harness = try Harness(
            queue: TestQueue(["alpha": 4, "beta": 4]), workerTypes: ["alpha": .sample(), "beta": .sample()])
        harness.deployment.rules.totalLimits[.instances] = 6
        let first = try await harness.iterate(0)
        #expect(first.count(.launched) == 6)
        #expect(first.limits.map(\.used) == [6])
        try harness.database.workerTypes.remove("alpha", by: .program, now: .start)
        harness.ec2.unwilling.withLock { unwilling in
            for instance in harness.ec2.live {
                unwilling[instance.id] = ServiceFailure(
                    kind: .other, code: "OperationNotPermitted", message: "m")
            }
        }
        let second = try await harness.iterate(1)
        #expect(second.count(.launched) == 0)
        #expect(second.limits.map(\.used) == [6])
    }

    @Test("A dry run plans within the limit, and records nothing")
    func dryRun() async throws {
        var harness = try Harness(queue: TestQueue(["alpha": 9]), workerTypes: ["alpha": .sample()])
        harness.deployment.rules.totalLimits[.capacity] = 5
        harness.deployment.rules.totalLimits[.monthlySpend] = 1000
        let report = try await harness.iterate(0, dryRun: true)
        #expect(report.count(.planned) == 5)
        #expect(harness.ec2.live.isEmpty)
    }
}
