import Domain
import Foundation
import Storage
import TestSupport
import Testing

@Suite("Stored notifications")
struct NotificationStoreTests {
    private let fixture: StorageFixture

    private var store: NotificationStore { fixture.database.notifications }

    init() throws { fixture = try StorageFixture() }

    private func problem(_ subject: ProblemSubject, _ kind: ObservedProblem.Kind) -> ObservedProblem {
        ObservedProblem(
            ObservedProblem.Identity(subject: subject, kind, code: "c"), text: "text",
            owner: "owner@example.com")
    }

    private func delivery(_ id: String, _ recipient: NotificationRecipient) -> NotificationDelivery {
        NotificationDelivery(
            ProblemNotification(
                id: id, provisionerId: "p", change: .began, at: .start,
                problems: [TrackedProblem(problem(.region("r"), .call), beganAt: .start)]),
            to: recipient)
    }

    private func add(_ deliveries: [NotificationDelivery], at now: Date = .start) throws {
        let ledger = try store.ledger()
        try store.record(ledger, replacing: ledger, deliveries: deliveries, now: now)
    }

    @Test("keep every part of the ledger and of the notifications")
    func content() throws {
        let ledger = ProblemLedger([
            TrackedProblem(problem(.deployment, .warning), beganAt: .start),
            TrackedProblem(
                problem(.workerType("alpha"), .decision), beganAt: .start.plus(minutes: 1),
                announcedAt: .start.plus(minutes: 2), absentSince: .start.plus(minutes: 3),
                endedAt: .start.plus(minutes: 8)),
        ])
        let deliveries = [
            delivery("1", NotificationRecipient(.email, "a@example.com")),
            delivery("2", NotificationRecipient(.webhook)),
        ]
        try store.record(ledger, replacing: ProblemLedger(), deliveries: deliveries, now: .start)
        #expect(try store.ledger() == ledger)
        #expect(try store.pending(limit: 10) == deliveries)
        try store.record(ProblemLedger(), replacing: ledger, deliveries: [], now: .start)
        #expect(try store.ledger() == ProblemLedger())
    }

    @Test("are stored with the ledger or not at all")
    func atomicity() throws {
        let ledger = ProblemLedger([TrackedProblem(problem(.deployment, .call), beganAt: .start)])
        let twice = Array(repeating: delivery("1", NotificationRecipient(.webhook)), count: 2)
        #expect(throws: StorageError.self) {
            try store.record(ledger, replacing: ProblemLedger(), deliveries: twice, now: .start)
        }
        #expect(try store.ledger() == ProblemLedger())
        #expect(try store.pending(limit: 10) == [])
    }

    @Test("are tried in the order of their attempts, until they are sent or expire")
    func order() throws {
        try add(["1", "2", "3"].map { delivery($0, NotificationRecipient(.webhook)) })
        try store.recordAttempt("1", failure: "down", now: .start.plus(minutes: 1))
        try store.recordAttempt("2", failure: nil, now: .start.plus(minutes: 2))
        #expect(try store.pending(limit: 10).map(\.id) == ["3", "1"])
        #expect(try store.expire(createdBefore: .start) == 0)
        #expect(try store.expire(createdBefore: .start.plus(minutes: 1)) == 2)
        #expect(try store.pending(limit: 10) == [])
        let records = try store.since(.start)
        #expect(records.map(\.state) == [.expired, .sent, .expired])
        #expect(records.map(\.attempts) == [1, 1, 0])
        #expect(records.map(\.failure) == ["down", nil, nil])
        #expect(records.first?.lastAttemptAt == .start.plus(minutes: 1))
        let counts = try fixture.database.counters.all().map { "\($0.detail) \($0.value)" }
        #expect(counts == ["expired 2", "failed 1", "sent 1"])
    }

    @Test("are deleted after their retention")
    func retention() throws {
        try add([delivery("1", NotificationRecipient(.webhook))])
        try add([delivery("2", NotificationRecipient(.webhook))], at: .start.plus(minutes: 1))
        try store.purge(before: .start.plus(minutes: 1))
        #expect(try store.since(.distantPast).map(\.delivery.id) == ["2"])
    }
}
