package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The last fetched spot prices, by region.
package struct PriceStore: Sendable {
    let database: ProvisionerDatabase

    /// The time and the instance types of the last fetch of a region's prices.
    package struct Fetch: Hashable, Sendable {
        package let fetchedAt: Date
        package let instanceTypes: Set<String>
    }

    /// Replaces a region's prices, and stores the changed ones in the history.
    package func replace(region: String, prices: [SpotPrice], instanceTypes: Set<String>, now: Date) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM prices WHERE region = ?", arguments: [region])
            let insert = try db.makeStatement(
                sql: """
                    INSERT INTO prices (region, instance_type, availability_zone, price, since)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET price = max(price, excluded.price)
                    """)
            for price in prices {
                try insert.execute(arguments: [
                    region, price.pool.instanceType, price.pool.availabilityZone, price.price.nanodollars,
                    price.timestamp.milliseconds,
                ])
            }
            try HistoryStore.recordPrices(region: region, now: now, db)
            try db.execute(
                sql:
                    "INSERT OR REPLACE INTO price_fetches (region, fetched_at, instance_types) VALUES (?, ?, ?)",
                arguments: [region, now.milliseconds, try JSONCoding.encode(instanceTypes.sorted())])
        }
    }

    package func all() throws -> [SpotPrice] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM prices").map { row in
                SpotPrice(
                    pool: Pool(
                        region: row["region"], availabilityZone: row["availability_zone"],
                        instanceType: row["instance_type"]),
                    price: Price(nanodollars: row["price"]), timestamp: Date(milliseconds: row["since"]))
            }
        }
    }

    package func fetches() throws -> [String: Fetch] {
        try database.read { db in
            var fetches: [String: Fetch] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT * FROM price_fetches") {
                let types: String = row["instance_types"]
                // A fetch that cannot be read is repeated.
                let read = try? JSONCoding.decode([String].self, from: types.utf8, what: "price fetch")
                fetches[row["region"]] = read.map { types in
                    Fetch(fetchedAt: Date(milliseconds: row["fetched_at"]), instanceTypes: Set(types))
                }
            }
            return fetches
        }
    }
}
