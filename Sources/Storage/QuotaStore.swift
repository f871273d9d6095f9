package import Domain
package import FoundationEssentials
import GRDB

/// The quotas of the account, and the sizes of instance types.
package struct QuotaStore: Sendable {
    let database: ProvisionerDatabase

    package func all() throws -> AccountQuotas {
        try database.read { db in
            var quotas = AccountQuotas()
            for row in try Row.fetchAll(db, sql: "SELECT * FROM vcpu_quotas") {
                // A newer program may know more classes.
                guard let market = Market(rawValue: row["market"]),
                    let quotaClass = QuotaClass(rawValue: row["class"])
                else { continue }
                quotas.limits[VCPUQuota.Subject(market, row["region"], quotaClass)] = row["vcpus"]
            }
            for row in try Row.fetchAll(db, sql: "SELECT * FROM quota_reads") {
                let reading = AccountQuotas.Reading(
                    region: row["region"], readAt: Date(milliseconds: row["read_at"]),
                    nextRead: Date(milliseconds: row["next_read"]), failure: row["failure"])
                quotas.readings[reading.region] = reading
            }
            for row in try Row.fetchAll(db, sql: "SELECT * FROM instance_type_sizes") {
                let size: Int? = row["vcpus"]
                quotas.sizes[row["instance_type"]] = .some(size)
            }
            return quotas
        }
    }

    /// Replaces what is stored of regions.
    package func save(_ regions: [RegionQuotas]) throws {
        if regions.isEmpty { return }
        var all = try all()
        for region in regions { all.replace(region) }
        try database.write { db in
            for region in regions {
                let reading = region.reading
                try db.execute(
                    sql:
                        "INSERT OR REPLACE INTO quota_reads (region, read_at, next_read, failure) VALUES (?, ?, ?, ?)",
                    arguments: [
                        reading.region, reading.readAt.milliseconds, reading.nextRead.milliseconds,
                        reading.failure,
                    ])
                try db.execute(sql: "DELETE FROM vcpu_quotas WHERE region = ?", arguments: [reading.region])
                for quota in region.quotas {
                    try db.execute(
                        sql: "INSERT INTO vcpu_quotas (region, market, class, vcpus) VALUES (?, ?, ?, ?)",
                        arguments: [
                            quota.subject.region, quota.subject.market.rawValue,
                            quota.subject.quotaClass.rawValue, quota.vCPUs,
                        ])
                }
            }
            for type in Set(regions.flatMap(\.sizes.keys)) {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO instance_type_sizes (instance_type, vcpus) VALUES (?, ?)",
                    arguments: [type, all.sizes[type] ?? nil])
            }
        }
    }

    /// The time after which a quota that bounds launches is read again, because it may have been raised. Seconds.
    private static let lifeOfReachedQuota: TimeInterval = 3600

    /// Lets the next iterations read the quotas of regions sooner, in which a quota bounds launches.
    package func noteReached(in regions: Set<String>) throws {
        if regions.isEmpty { return }
        try database.write { db in
            for region in regions.sorted() {
                try db.execute(
                    sql: """
                        UPDATE quota_reads SET next_read = read_at + ?1
                        WHERE region = ?2 AND next_read > read_at + ?1 AND failure IS NULL
                        """, arguments: [Int64(Self.lifeOfReachedQuota * 1000), region])
            }
        }
    }

    /// Removes the quotas of regions that were not read since a time.
    package func purge(readBefore limit: Date) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM vcpu_quotas WHERE region NOT IN (SELECT region FROM quota_reads WHERE read_at >= ?)
                    """, arguments: [limit.milliseconds])
            try db.execute(
                sql: "DELETE FROM quota_reads WHERE read_at < ?", arguments: [limit.milliseconds])
        }
    }
}
