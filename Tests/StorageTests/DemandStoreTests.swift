import Domain
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("Records of demand")
struct DemandStoreTests {
    private let record = DemandRecord(share: 0.25, average: 4, unmet: 0)

    @Test("A record is returned as it is before an iteration")
    func decay() throws {
        let store = try StorageFixture().database.demand
        try store.record(["alpha": record], over: [:], iteration: 7)
        #expect(try store.all(before: 8) == ["alpha": record])
        #expect(try store.all(before: 10) == ["alpha": record.after(quietIterations: 2)])
    }

    @Test("Iterations without demand write nothing")
    func quiet() throws {
        let fixture = try StorageFixture()
        let store = fixture.database.demand
        try store.record(["alpha": record], over: [:], iteration: 1)
        let changes = { try fixture.database.read { db in db.totalChangesCount } }
        let before = try changes()
        for iteration: Int64 in 2...50 {
            let previous = try store.all(before: iteration)
            let quiet = try #require(previous["alpha"]).adding(0)
            try store.record(
                ["alpha": quiet, "beta": DemandRecord()], over: previous, iteration: iteration)
        }
        #expect(try changes() == before)
        #expect(try store.all(before: 51).keys.sorted() == ["alpha"])
        let last = try #require(try store.all(before: 51)["alpha"])
        #expect(abs(last.share - record.after(quietIterations: 49).share) < 1e-12)
    }

    @Test("Demand that was not bought is stored, and its end as well")
    func unmet() throws {
        let store = try StorageFixture().database.demand
        try store.record(["alpha": record.adding(9)], over: [:], iteration: 1)
        let previous = try store.all(before: 2)
        #expect(previous["alpha"]?.unmet == 9)
        try store.record(["alpha": record.adding(9).adding(0)], over: previous, iteration: 2)
        #expect(try store.all(before: 3)["alpha"]?.unmet == 0)
    }

    @Test("The removal of a worker type removes its record")
    func removal() throws {
        let database = try StorageFixture().database
        _ = try database.workerTypes.create("alpha", .sample(), by: .program, now: .start)
        try database.demand.record(["alpha": record], over: [:], iteration: 1)
        try database.workerTypes.remove("alpha", by: .program, now: .start)
        #expect(try database.demand.all(before: 2).isEmpty)
    }
}
