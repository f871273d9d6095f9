import Foundation
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("Nonces")
struct NonceTests {
    private let fixture: StorageFixture

    init() throws { fixture = try StorageFixture() }

    private func isFirstUse(
        _ nonce: String, at: Date, now: Date, in database: ProvisionerDatabase? = nil
    ) throws -> Bool {
        try (database ?? fixture.database).nonces.isFirstUse(
            clientId: "c", timestamp: Int(at.timeIntervalSince1970), nonce: nonce, window: 900, now: now)
    }

    @Test("A nonce is accepted once")
    func once() throws {
        #expect(try isFirstUse("a", at: .start, now: .start))
        #expect(try !isFirstUse("a", at: .start, now: .start))
        #expect(try isFirstUse("b", at: .start, now: .start))
        #expect(try isFirstUse("a", at: .start.plus(minutes: 1), now: .start))
    }

    @Test("A clock that jumps ahead and back makes no nonce valid again")
    func clock() throws {
        #expect(try isFirstUse("a", at: .start, now: .start))
        // The clock is a day later: the nonce is outside of the window, and purged.
        let ahead = Date.start.plus(minutes: 24 * 60)
        #expect(try isFirstUse("b", at: ahead, now: ahead))
        let rows = try DatabaseQueue(path: fixture.database.path).read { db in
            try String.fetchAll(db, sql: "SELECT nonce FROM nonces")
        }
        #expect(rows == ["b"])
        let back = Date.start.plus(minutes: 1)
        #expect(try !isFirstUse("a", at: .start, now: back))
        #expect(try !isFirstUse("new", at: .start.plus(minutes: -1), now: back), "older than a purged one")
        #expect(try isFirstUse("new", at: back, now: back))
    }

    @Test("A copy refuses nonces of the time after its backup")
    func restored() throws {
        let copy = fixture.folder.file("copy.sqlite")
        try fixture.database.backUp(to: copy)
        let signed = Date()
        #expect(try isFirstUse("a", at: signed, now: signed))
        let restored = try ProvisionerDatabase(path: copy, key: fixture.key)
        #expect(try !isFirstUse("a", at: signed, now: signed, in: restored))
        let later = Date().addingTimeInterval(2)
        #expect(try isFirstUse("b", at: later, now: later, in: restored))
        // The horizon is raised once: the nonces that the copy accepts after that are in its own table.
        let again = try ProvisionerDatabase(path: copy, key: fixture.key)
        #expect(try !isFirstUse("b", at: later, now: later, in: again))
        #expect(try isFirstUse("c", at: later, now: later, in: again))
        #expect(try isFirstUse("c", at: signed, now: signed), "the database itself is no copy")
    }

    @Test("Nonces are refused while the horizon is unknown")
    func lost() throws {
        try DatabaseQueue(path: fixture.database.path).writeWithoutTransaction { db in
            try db.execute(sql: "DELETE FROM nonce_horizon")
        }
        #expect(try !isFirstUse("a", at: .start, now: .start))
    }
}
