package import Domain
import Formats
import FoundationEssentials

/// Files of spot prices: `region,availability_zone,instance_type,product,timestamp,price_usd`, one row for each
/// price that DescribeSpotPriceHistory returns.
package enum PriceCSV {
    static let columns = [
        "region", "availability_zone", "instance_type", "product", "timestamp", "price_usd",
    ]
    static let product = "Linux/UNIX"

    /// Reads the prices of `Linux/UNIX`.
    ///
    /// - Parameters:
    ///   - source: the file name for errors.
    ///   - isWanted: selects regions and instance types. Other rows are validated and dropped.
    package static func read(
        _ bytes: [UInt8], source: String, isWanted: (_ region: String, _ instanceType: String) -> Bool
    ) throws -> [SpotPrice] {
        var prices: [SpotPrice] = []
        try CSV.read(bytes, source: source, columns: columns) { row in
            let (region, zone, type) = (row.text(0), row.text(1), row.text(2))
            guard !region.isEmpty, !zone.isEmpty, !type.isEmpty else {
                throw row.problem("region, availability_zone and instance_type must not be empty")
            }
            let usd = try row.number(5, "price_usd", in: 0.000_000_001...100_000)
            let time = row.text(4)
            guard let timestamp = Date(timestamp: time) else {
                throw row.problem(
                    "timestamp must be a time like 2021-03-02T01:39:04Z, not \(CSV.quoted(time))")
            }
            let product = row.text(3)
            guard product == Self.product || product == Self.product + " (Amazon VPC)",
                isWanted(region, type)
            else { return }
            prices.append(
                SpotPrice(
                    pool: Pool(region: region, availabilityZone: zone, instanceType: type),
                    price: Price(usd: usd), timestamp: timestamp))
        }
        return prices
    }

    /// Returns the prices as a file, ordered by time and pool.
    package static func write(_ prices: [SpotPrice]) -> String {
        var text = columns.joined(separator: ",") + "\n"
        let ordered = prices.sorted { ($0.timestamp, $0.pool, $0.price) < ($1.timestamp, $1.pool, $1.price) }
        for price in ordered {
            let pool = price.pool
            text += "\(pool.region),\(pool.availabilityZone),\(pool.instanceType),\(product),"
            text += "\(price.timestamp.timestampInSeconds),\(price.price)\n"
        }
        return text
    }
}
