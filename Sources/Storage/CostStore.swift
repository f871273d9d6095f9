package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// What the costs of a deployment are computed from: the instances of its launches, and on-demand prices.
package struct CostStore: Sendable {
    let database: ProvisionerDatabase

    /// The instances that ran after a time, in the order of their launches' ids.
    package func instances(since: Date) throws -> [BilledInstance] {
        try database.read { db in
            let columns = """
                id, worker_type, region, availability_zone, instance_type, market, platform, spot_price,
                started_at,
                MIN(COALESCE(stopped_since, ended_at), COALESCE(ended_at, stopped_since)) AS end,
                EXISTS (SELECT 1 FROM interruptions AS i WHERE i.instance_id = launches.instance_id)
                    AS is_interrupted
                """
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT \(columns) FROM launches
                    WHERE state IN ('stored', 'submitted', 'visible') AND started_at IS NOT NULL
                    UNION ALL
                    SELECT \(columns) FROM launches
                    WHERE ended_at > ? AND state IN ('failed', 'lost', 'ended') AND started_at IS NOT NULL
                    ORDER BY id
                    """, arguments: [since.milliseconds]
            ).compactMap { row in
                guard let market = Market(rawValue: row["market"]),
                    let platform = ImagePlatform(rawValue: row["platform"])
                else { return nil }
                let end: Int64? = row["end"]
                return BilledInstance(
                    workerType: row["worker_type"],
                    pool: Pool(
                        region: row["region"], availabilityZone: row["availability_zone"],
                        instanceType: row["instance_type"]),
                    platform: platform, market: market, spotPrice: Price(nanodollars: row["spot_price"]),
                    startedAt: Date(milliseconds: row["started_at"]),
                    endedAt: end.map(Date.init(milliseconds:)), isInterrupted: row["is_interrupted"])
            }
        }
    }

    /// Replaces the on-demand prices of the regions that the new prices name.
    package func replace(_ prices: OnDemandPrices) throws {
        try database.write { db in
            for region in prices.regions {
                try db.execute(sql: "DELETE FROM on_demand_prices WHERE region = ?", arguments: [region])
            }
            let insert = try db.makeStatement(
                sql: """
                    INSERT INTO on_demand_prices (region, platform, instance_type, price) VALUES (?, ?, ?, ?)
                    """)
            for (key, price) in prices.all {
                try insert.execute(arguments: [
                    key.region, key.platform.rawValue, key.instanceType, price.nanodollars,
                ])
            }
        }
    }

    /// The stored prices of some instance types. An offer file has thousands, and a deployment uses few.
    package func onDemandPrices(of keys: some Sequence<OnDemandPrices.Key>) throws -> OnDemandPrices {
        let keys = Set(keys)
        if keys.isEmpty { return OnDemandPrices() }
        return try database.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT price FROM on_demand_prices
                    WHERE region = ? AND platform = ? AND instance_type = ?
                    """)
            return try keys.reduce(into: OnDemandPrices()) { prices, key in
                prices[key] = try Int64.fetchOne(
                    statement, arguments: [key.region, key.platform.rawValue, key.instanceType]
                ).map(Price.init(nanodollars:))
            }
        }
    }

    /// All stored prices.
    package func onDemandPrices() throws -> OnDemandPrices {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM on_demand_prices").reduce(into: OnDemandPrices()) {
                guard let platform = ImagePlatform(rawValue: $1["platform"]) else { return }
                $0[.init($1["region"], $1["instance_type"], platform)] = Price(nanodollars: $1["price"])
            }
        }
    }
}
