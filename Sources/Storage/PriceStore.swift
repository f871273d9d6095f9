package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The last fetched spot prices, by region.
package struct PriceStore: Sendable {
    let database: ProvisionerDatabase

    /// The time, the instance types and the platforms of the last fetch of a region's prices.
    package struct Fetch: Hashable, Sendable {
        package let fetchedAt: Date
        package let instanceTypes: Set<String>
        package let platforms: Set<ImagePlatform>
    }

    /// Replaces a region's prices, and stores the changed ones in the history.
    package func replace(
        region: String, prices: [SpotPrice], instanceTypes: Set<String>,
        platforms: Set<ImagePlatform> = [.linux], now: Date
    ) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM prices WHERE region = ?", arguments: [region])
            let insert = try db.makeStatement(
                sql: """
                    INSERT INTO prices (region, instance_type, availability_zone, platform, price, since)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET price = max(price, excluded.price)
                    """)
            for price in prices {
                try insert.execute(arguments: [
                    region, price.pool.instanceType, price.pool.availabilityZone,
                    price.platform.rawValue, price.price.nanodollars, price.timestamp.milliseconds,
                ])
            }
            try HistoryStore.recordPrices(region: region, now: now, db)
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO price_fetches (region, fetched_at, instance_types, platforms)
                    VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    region, now.milliseconds, try JSONCoding.encode(instanceTypes.sorted()),
                    try JSONCoding.encode(platforms.map(\.rawValue).sorted()),
                ])
        }
    }

    package func all() throws -> [SpotPrice] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM prices").compactMap { row in
                // Prices of a platform that a newer program knows are fetched again.
                guard let platform = ImagePlatform(rawValue: row["platform"]) else { return nil }
                return SpotPrice(
                    pool: Pool(
                        region: row["region"], availabilityZone: row["availability_zone"],
                        instanceType: row["instance_type"]),
                    platform: platform, price: Price(nanodollars: row["price"]),
                    timestamp: Date(milliseconds: row["since"]))
            }
        }
    }

    package func fetches() throws -> [String: Fetch] {
        try database.read { db in
            var fetches: [String: Fetch] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT * FROM price_fetches") {
                func texts(_ column: String) -> [String]? {
                    let text: String = row[column]
                    return try? JSONCoding.decode([String].self, from: text.utf8, what: "price fetch")
                }
                // A fetch that cannot be read is repeated.
                guard let types = texts("instance_types"), let platforms = texts("platforms") else {
                    continue
                }
                fetches[row["region"]] = Fetch(
                    fetchedAt: Date(milliseconds: row["fetched_at"]), instanceTypes: Set(types),
                    platforms: Set(platforms.compactMap(ImagePlatform.init)))
            }
            return fetches
        }
    }
}
