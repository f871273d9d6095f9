import Domain
package import FoundationEssentials
import GRDB

/// What was spent in the day and the month, for the limits of spend.
///
/// The sums of ended days are stored: a day of many launches is read once, and launches of a month's first days may be purged
/// before the month ends.
package struct SpendStore: Sendable {
    let database: ProvisionerDatabase

    /// The time after the end of a day after which its sum no longer changes. An interruption makes an instance free in its
    /// first hour, and its notice may be late. Seconds.
    private static let settlingTime = 2 * InstanceBilling.freeInterruptionAge
    /// How long an instance is billed at most after its end: SUSE is billed in whole hours. Seconds.
    private static let longestBilling: TimeInterval = 3600

    /// US dollars that were spent since the begin of the day and of the month. Stores the sums of ended days.
    package func spend(now: Date) throws -> (today: Double, month: Double) {
        let month = SpendPeriod.month(containing: now)
        let today = SpendPeriod.day(containing: now)
        // Sums that a clock in the future stored are not used.
        var settled = try sums(since: month.begin).filter { hasSettled($0.key, now: now) }
        var days: [SpendPeriod] = []
        var day = SpendPeriod.day(containing: month.begin)
        while day.begin < today.begin {
            if settled[day.begin] == nil { days.append(day) }
            day = SpendPeriod.day(containing: day.end)
        }
        let since = days.first?.begin ?? today.begin
        let record = try CostRecord(
            database, withOwners: false, since: since.addingTimeInterval(-Self.longestBilling), now: now)
        var new: [Date: Double] = [:]
        for day in days {
            let usd = record.total(since: day.begin, until: day.end)
            settled[day.begin] = usd
            if hasSettled(day.begin, now: now) { new[day.begin] = usd }
        }
        try store(new)
        let usdToday = record.total(since: today.begin, until: now)
        // In the order of the days, because sums of fractions depend on their order.
        return (usdToday, settled.sorted { $0.key < $1.key }.reduce(usdToday) { $0 + $1.value })
    }

    /// Whether the sum of a day no longer changes.
    private func hasSettled(_ begin: Date, now: Date) -> Bool {
        now >= SpendPeriod.day(containing: begin).end.addingTimeInterval(Self.settlingTime)
    }

    /// US dollars by the begin of the day.
    private func sums(since begin: Date) throws -> [Date: Double] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT day, usd FROM spend_by_day WHERE day >= ?",
                arguments: [begin.milliseconds]
            ).reduce(into: [:]) {
                $0[Date(milliseconds: $1["day"])] = $1["usd"]
            }
        }
    }

    private func store(_ sums: [Date: Double]) throws {
        if sums.isEmpty { return }
        try database.write { db in
            for (day, usd) in sums {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO spend_by_day (day, usd) VALUES (?, ?)",
                    arguments: [day.milliseconds, usd])
            }
        }
    }

    /// Deletes the sums of earlier months.
    package func purge(now: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM spend_by_day WHERE day < ?",
                arguments: [SpendPeriod.month(containing: now).begin.milliseconds])
        }
    }
}
