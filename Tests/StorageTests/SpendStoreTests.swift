import Domain
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The store of the spend of the day and the month")
struct SpendStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }
    /// 2023-11-15T00:00:00Z; `Date.start` is 6,400 seconds earlier.
    private let midnight = Date.start.addingTimeInterval(6400)

    init() throws { fixture = try StorageFixture() }

    /// Stores a launch at 0.1 USD an hour that runs from one hour after midnight to another.
    private func store(
        _ id: String, from start: Double, to end: Double?, interrupted: Bool = false,
        platform: ImagePlatform = .linux
    ) throws {
        try fixture.storeInstance(id, platform: platform, interrupted: interrupted) { launch in
            launch.startedAt = midnight.plus(minutes: 60 * start)
            launch.endedAt = end.map { midnight.plus(minutes: 60 * $0) }
        }
    }

    private func spend(at hour: Double) throws -> [Double] {
        let (today, month) = try database.spend.spend(now: midnight.plus(minutes: 60 * hour))
        return [today, month].map { ($0 * 1e6).rounded() / 1e6 }
    }

    @Test("divides the cost of an instance at midnight")
    func midnightDivision() throws {
        try store("long", from: -2, to: 3)
        try store("running", from: 1, to: nil)
        let price = fixture.launch("long").spotPrice.usd
        #expect(
            try spend(at: 4)
                == [3 * price + 3 * price, 5 * price + 3 * price].map { ($0 * 1e6).rounded() / 1e6 })
        #expect(try spend(at: -1)[1] > 0)
    }

    @Test("keeps the sums of ended days when their launches are purged")
    func purgedLaunches() throws {
        try store("early", from: -5, to: -1)
        let price = fixture.launch("early").spotPrice.usd
        let expected = ((4 * price) * 1e6).rounded() / 1e6
        #expect(try spend(at: 1) == [0, expected], "the day ended an hour ago: its sum is not stored yet")
        #expect(try spend(at: 3) == [0, expected])
        try database.launches.purge(endedBefore: .distantFuture)
        #expect(try spend(at: 30) == [0, expected])
        #expect(try spend(at: 24 * 15) == [0, expected])
        #expect(try spend(at: 24 * 17) == [0, 0], "another month")
        try database.spend.purge(now: midnight.plus(minutes: 60 * 24 * 17))
        #expect(try spend(at: 30) == [0, 0])
    }

    @Test("does not store the sum of a day whose last instances may still become free")
    func lateInterruption() throws {
        try store("young", from: -0.5, to: 0.25)
        #expect(try spend(at: 1)[1] > 0)
        try database.interruptions.record([
            Interruption(
                instanceId: "i-young", launchId: "young", workerType: "alpha",
                pool: fixture.launch("young").pool,
                reason: "Server.SpotInstanceTermination", at: midnight)
        ])
        #expect(try spend(at: 1.5) == [0, 0])
        #expect(try spend(at: 3) == [0, 0])
    }

    @Test("does not use the sum of a day that a clock in the future stored")
    func clockInTheFuture() throws {
        try store("running", from: 1, to: nil)
        let price = fixture.launch("running").spotPrice.usd
        _ = try spend(at: 30)
        #expect(try spend(at: 2) == [price, price])
        #expect(try spend(at: 20).map { ($0 / price).rounded() } == [19, 19])
    }

    @Test("has the sums of the report of costs by day, also over the ends of months and an outage")
    func costReport() throws {
        // 15 November to 3 March of a leap year. Hours after midnight; SUSE bills whole hours.
        for number in 0..<60 {
            let start = Double(number) * 43.7
            try store(
                "l\(number)", from: start, to: start + 0.3 + Double(number % 7) * 9.1,
                platform: number % 3 == 0 ? .suse : .linux)
        }
        for day: Double in [0.2, 15.99, 20, 47.5, 60.01, 106, 107.5, 108] {
            let hour = 24 * day
            let now = midnight.plus(minutes: 60 * hour)
            let (today, inMonth) = try database.spend.spend(now: now)
            let sums: [(period: SpendPeriod, usd: Double)] = [
                (SpendPeriod.day(containing: now), today), (SpendPeriod.month(containing: now), inMonth),
            ]
            for (period, usd) in sums {
                let record = try CostRecord(
                    database, since: period.begin.addingTimeInterval(-86_400), now: now)
                let first = CostDimension.day.label(of: period.begin)
                let rows = CostReport(record, by: [.day]).rows.filter { $0.key[0] >= first }
                let reported = rows.reduce(0.0) { $0 + $1.usd }
                #expect(abs(reported - usd) < 1e-9, "\(hour)")
            }
        }
    }
}
