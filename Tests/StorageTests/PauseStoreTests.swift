import Domain
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("The stored pauses")
struct PauseStoreTests {
    private let fixture: StorageFixture
    private let alice = Author("alice", by: "region pause")
    private let region = PauseSubject(.region, "us-east-1")

    init() throws { fixture = try StorageFixture() }

    private func pause(_ subject: PauseSubject, until: Date? = nil, reason: String? = nil) -> Pause {
        Pause(subject, since: .start, until: until, author: "alice", reason: reason)
    }

    @Test("are read as they were stored, the latest of a subject alone, until they end")
    func roundTrip() throws {
        let store = fixture.database.pauses
        try store.record(pause(region), by: alice)
        let replaced = pause(region, until: .start.plus(minutes: 5), reason: "maintenance")
        let type = pause(PauseSubject(.instanceType, "c5.xlarge"))
        for pause in [replaced, type] { try store.record(pause, by: alice) }
        #expect(try Set(store.all()) == [replaced, type])
        #expect(try store.active(at: .start.plus(minutes: 5)) == [type])
        try store.purge(endedBefore: .start.plus(minutes: 6))
        #expect(try store.all() == [type])
    }

    @Test("are recorded in the audit log with author, end and reason, and so is their end")
    func audit() throws {
        let store = fixture.database.pauses
        let subject = PauseSubject(.workerType, "alpha")
        try store.record(pause(subject, reason: "broken"), by: alice)
        #expect(try store.end(region, by: alice, now: .start) == nil)
        #expect(try store.end(subject, by: Author("bob", by: "resume"), now: .start)?.reason == "broken")
        #expect(try store.end(subject, by: alice, now: .start) == nil)
        let entries = try fixture.database.audit.entries(workerType: "alpha")
        #expect(entries.map(\.action) == [.paused, .resumed])
        #expect(entries.map(\.author.name) == ["alice", "bob"])
        #expect(entries.first?.note == "until it is resumed: broken")
    }

    @Test("that ended by time cannot be resumed")
    func ended() throws {
        let store = fixture.database.pauses
        try store.record(pause(region, until: .start.plus(minutes: 5)), by: alice)
        #expect(try store.end(region, by: alice, now: .start.plus(minutes: 5)) == nil)
    }
}
