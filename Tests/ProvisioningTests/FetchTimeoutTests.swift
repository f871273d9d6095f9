import Cryptography
import Domain
import Foundation
import Logging
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Provisioning

@Suite("An iteration with services that do not respond")
struct FetchTimeoutTests {
    /// Ends with the cancellation of the call, as the HTTP client does.
    private static func neverRespond() async throws {
        try? await Task.sleep(for: .seconds(3600))
        throw ServiceFailure(kind: .unreachable, code: "unreachable", message: "cancelled")
    }

    @Test("A silent Queue with 600 worker types delays terminations by fetchTimeout, and nothing else")
    func silentQueue() async throws {
        let isSilent = Mutex(false)
        let queue = TestQueue(
            ["alpha": 2],
            before: { _ in if isSilent.withLock({ $0 }) { try await Self.neverRespond() } })
        let names = ["alpha"] + (0..<599).map { "w\($0)" }
        let harness = try Harness(
            queue: queue,
            workerTypes: Dictionary(uniqueKeysWithValues: names.map { ($0, .sample()) }))
        #expect(try await harness.iterate(0).count(.launched) == 2)
        isSilent.withLock { $0 = true }
        let asked = Mutex<[TimeInterval]>([])
        // After max life.
        let now = Date.start.plus(minutes: 97 * 60)
        harness.ec2.advance(to: now)
        let report = try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: harness.ec2,
            queue: queue, deadline: .distantFuture, clock: { now }, random: { try SecureRandom.bytes($0) },
            sleep: { seconds in asked.withLock { $0.append(seconds) } },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        #expect(asked.withLock { $0 } == [60])
        #expect(report.terminated.count == 2)
        let queueFailures = report.failures.filter { $0.subject.kind == .queue }
        #expect(queueFailures.count == 600)
        #expect(queueFailures.allSatisfy { $0.failure.code == "fetch-timeout" })
        #expect(report.failures.count == 600, "the regions were read")
    }

    @Test("A silent region delays the launches in another region by fetchTimeout, and nothing else")
    func silentRegion() async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("regionState us-east-1") { try await Self.neverRespond() }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1", "eu-west-1"])])
        let report = try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: ec2, queue: harness.queue,
            deadline: .distantFuture, clock: { .start }, random: { try SecureRandom.bytes($0) },
            sleep: { _ in }, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        #expect(report.failures.map(\.failure.code) == ["fetch-timeout"])
        #expect(report.failures.first?.subject == CallSubject(.region, "us-east-1"))
        let launched = report.bids.filter { $0.outcome == .launched }
        #expect(launched.count == 2 && launched.allSatisfy { $0.bid.pool.region == "eu-west-1" })
    }

    @Test("Reads that respond end the wait for the others")
    func allRespond() async throws {
        let isWaiting = Mutex(false)
        let harness = try Harness(queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        let report = try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: harness.ec2,
            queue: harness.queue, deadline: .distantFuture, clock: { .start },
            random: { try SecureRandom.bytes($0) },
            sleep: { _ in
                isWaiting.withLock { $0 = true }
                try await Self.neverRespond()
            }, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        #expect(report.failures.isEmpty && report.count(.launched) == 1)
        #expect(isWaiting.withLock { $0 })
    }
}
