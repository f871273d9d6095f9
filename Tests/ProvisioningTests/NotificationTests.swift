import Cryptography
import Domain
import Foundation
import Logging
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Notifications of an iteration")
struct NotificationTests {
    private static let down = ServiceFailure(kind: .unreachable, code: "unreachable", message: "no answer")

    /// A webhook that keeps the notifications.
    final class TestChannel: NotificationChannel {
        let channel = NotificationRecipient.Channel.webhook
        private let received = Mutex<[ProblemNotification]>([])
        /// The failure of each attempt.
        let failure = Mutex<NotificationFailure?>(nil)
        /// Whether a notification is received although its attempt fails.
        let losesResponses = Mutex(false)

        /// The notifications since the last call.
        func taken() -> [ProblemNotification] {
            received.withLock { received in
                defer { received = [] }
                return received
            }
        }

        func send(
            _ notification: ProblemNotification, to address: String, timeout: TimeInterval
        ) async throws(NotificationFailure) {
            #expect(timeout > 0 && timeout <= 10)
            let failure = failure.withLock { $0 }
            if failure == nil || losesResponses.withLock({ $0 }) {
                received.withLock { $0.append(notification) }
            }
            if let failure { throw failure }
        }
    }

    private let channel = TestChannel()
    private let harness: Harness

    init() throws {
        harness = try Harness(queue: TestQueue([:]), workerTypes: ["alpha": .sample(maxPrice: 0.000001)])
    }

    /// Runs an iteration. The worker type needs capacity, whose price is above its `maxPrice`, while `isTroubled`.
    @discardableResult
    private func iterate(
        _ minute: Double, isTroubled: Bool = false, dryRun: Bool = false, off: Bool = false,
        deadline: Date = .distantFuture
    ) async throws -> IterationReport {
        let now = Date.start.plus(minutes: minute)
        harness.ec2.advance(to: now)
        harness.queue.set("alpha", isTroubled ? Int(minute) + 1 : 0)
        let outlets = NotificationOutlets(
            recipients: NotificationRecipients(operators: [NotificationRecipient(.webhook)]),
            channels: [channel])
        return try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: harness.ec2,
            queue: harness.queue, notifications: off ? nil : outlets, deadline: deadline, dryRun: dryRun,
            clock: { now }, random: { try SecureRandom.bytes($0) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
    }

    private func states() throws -> [NotificationStore.State] {
        try harness.database.notifications.since(.distantPast).map(\.state)
    }

    private func count(_ result: String) throws -> Int? {
        try harness.database.counters.all().first { $0.name == .notifications && $0.detail == result }?.value
    }

    @Test("are sent once when a problem begins and once after it ended")
    func once() async throws {
        for minute in 0..<3 { try await iterate(Double(minute), isTroubled: true) }
        let began = channel.taken()
        #expect(began.map(\.change) == [.began])
        #expect(began.first?.items.map(\.subject) == [.workerType("alpha")])
        #expect(began.first?.items.first?.text.contains("maxPrice") == true)
        for minute in 3..<8 { try await iterate(Double(minute)) }
        #expect(channel.taken() == [])
        try await iterate(8)
        #expect(channel.taken().map(\.change) == [.ended])
        try await iterate(9)
        #expect(channel.taken() == [])
        #expect(try states() == [.sent, .sent])
        #expect(try count("sent") == 2)
    }

    @Test("that fail do not fail the iteration, and are sent by the next one with the same id")
    func retries() async throws {
        channel.failure.withLock { $0 = NotificationFailure("down") }
        channel.losesResponses.withLock { $0 = true }
        #expect(try await iterate(0, isTroubled: true).outcome == .degraded)
        let lost = channel.taken()
        #expect(try harness.database.notifications.since(.distantPast).map(\.failure) == ["down"])
        channel.failure.withLock { $0 = nil }
        try await iterate(1, isTroubled: true)
        #expect(channel.taken() == lost)
        try await iterate(2, isTroubled: true)
        #expect(channel.taken() == [])
        #expect(try count("failed") == 1)
    }

    @Test("are given up after an hour")
    func expiry() async throws {
        channel.failure.withLock { $0 = NotificationFailure("down") }
        try await iterate(0, isTroubled: true)
        try await iterate(60, isTroubled: true)
        #expect(try states() == [.pending])
        channel.failure.withLock { $0 = nil }
        try await iterate(61, isTroubled: true)
        #expect(channel.taken() == [])
        #expect(try states() == [.expired])
        #expect(try count("expired") == 1)
    }

    @Test("of an iteration that ends at its deadline are sent by the next one")
    func deadline() async throws {
        try await iterate(0, isTroubled: true, deadline: .start)
        #expect(channel.taken() == [])
        try await iterate(1, isTroubled: true)
        #expect(channel.taken().map(\.at) == [.start])
    }

    @Test("are not stored by a dry run, and not without recipients")
    func off() async throws {
        let report = try await iterate(0, isTroubled: true, off: true)
        #expect(report.decision("alpha")?.problems.isEmpty == false)
        try await iterate(1, isTroubled: true, dryRun: true)
        #expect(channel.taken() == [])
        #expect(try states() == [])
        #expect(try harness.database.notifications.ledger().problems == [])
    }

    @Test("of worker types are sent to their owners, with the problems of the decision")
    func owners() async throws {
        var alpha = WorkerTypeDefinition.sample(maxPrice: 0.000001)
        alpha.owner = "owner@example.com"
        _ = try harness.database.workerTypes.update("alpha", alpha, by: .program, now: .start)
        harness.queue.set("alpha", 2)
        let now = Date.start.plus(minutes: 1)
        harness.ec2.advance(to: now)
        let report = try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: harness.ec2,
            queue: harness.queue,
            notifications: NotificationOutlets(
                recipients: NotificationRecipients(includesOwners: true), channels: []),
            deadline: .distantFuture, clock: { now }, random: { try SecureRandom.bytes($0) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        let stored = try harness.database.notifications.since(.distantPast).map(\.delivery)
        #expect(stored.map(\.recipient) == [NotificationRecipient(.email, "owner@example.com")])
        let problems = try #require(report.decision("alpha")).problems
        #expect(!problems.isEmpty)
        #expect(stored.first?.notification.items.map(\.text) == problems.map(\.description))
    }

    @Test(
        "are sent without the region and the worker types that an iteration could not read, which are problems"
    )
    func failures() async throws {
        let ec2 = try TestEC2(before: { call in
            if call == "regionState eu-west-1" { throw Self.down }
        })
        let queue = TestQueue([:]) { if $0 == "beta" { throw Self.down } }
        let harness = try Harness(
            ec2: ec2, queue: queue, workerTypes: ["alpha": .sample(), "beta": .sample()])
        _ = try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: ec2, queue: queue,
            notifications: NotificationOutlets(
                recipients: NotificationRecipients(operators: [NotificationRecipient(.webhook)]),
                channels: [channel]),
            deadline: .distantFuture, clock: { .start }, random: { try SecureRandom.bytes($0) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        let items = channel.taken().flatMap(\.items)
        #expect(Set(items.map(\.subject)) == [.region("eu-west-1"), .workerType("beta")])
        #expect(items.contains { $0.text == "region eu-west-1: unreachable: no answer" })
    }
}
