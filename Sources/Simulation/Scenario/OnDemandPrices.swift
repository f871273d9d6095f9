/// On-demand prices, US dollars an hour.
package struct OnDemandPrices: Sendable {
    private var byRegion: [String: [String: Double]] = [:]

    /// Reads `region,instance_type,product,price_usd_per_hour`.
    package init(csv bytes: [UInt8], source: String) throws {
        let columns = ["region", "instance_type", "product", "price_usd_per_hour"]
        try CSV.read(bytes, source: source, columns: columns) { row in
            let usd = try row.number(3, "price_usd_per_hour", in: 0.000_000_001...100_000)
            guard row.text(2) == PriceCSV.product else { return }
            byRegion[row.text(0), default: [:]][row.text(1)] = usd
        }
    }

    func price(region: String, instanceType: String) -> Double? { byRegion[region]?[instanceType] }
}
