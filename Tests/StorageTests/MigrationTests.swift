import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("The migrations")
struct MigrationTests {
    /// The names that databases record, in the order of the migrations. A new migration appends its name. A recorded
    /// name never changes: a database that records another name counts as the database of a newer program.
    private static let recorded = [
        "1: worker types, secrets, launches, iterations",
        "2: nonces, refused claims",
        "3: interruption notices",
        "4: terminations, interruptions, lifetimes of instances",
        "6: history, counters",
        "7: audit",
        "8: interruptions counted by their rows",
        "9: bound seals, nonce horizon, worker credentials",
        "10: sizes of audit documents",
        "11: subjects of failed calls in two columns",
        "12: decisions by worker type",
        "13: removed secrets",
        "14: declarations to the Queue",
        "15: fingerprints of definitions",
        "16: indexes for retention",
        "17: provisionerId of the database",
        "18: decisions with row ids",
        "19: last submissions of launches",
        "20: platforms of images, prices and launches",
        "21: on-demand prices",
        "22: pauses",
        "23: images of SSM parameters",
        "24: records of demand",
        "25: problems and notifications",
        "26: claimed tasks", "27: spend by day", "28: vCPU quotas",
    ]

    @Test("Their names and their order stay")
    func names() {
        #expect(Schema.migrator().migrations == Self.recorded)
    }

    @Test("A new database records their names in their order")
    func newDatabase() throws {
        let fixture = try StorageFixture()
        let names = try fixture.database.read { db in
            try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
        }
        #expect(names == Self.recorded)
    }
}
