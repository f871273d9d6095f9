import AWS
package import Domain
import Formats
package import FoundationEssentials

extension EC2Client {
    /// The product, with its second name in accounts with EC2-Classic.
    private static let products = ["Linux/UNIX", "Linux/UNIX (Amazon VPC)"]

    /// Returns the prices of instance types from a time on, the prices at that time included.
    package func spotPrices(region: String, instanceTypes: [String], since: Date) async throws -> [SpotPrice]
    {
        // A filter has at most 200 values.
        let types = instanceTypes.sorted()
        let chunks = stride(from: 0, to: types.count, by: 100).map {
            Array(types[$0..<min($0 + 100, types.count)])
        }
        return try await withThrowingTaskGroup(of: [SpotPrice].self) { group in
            for chunk in chunks {
                group.addTask {
                    var parameters = QueryParameters()
                    parameters.add(list: "InstanceType", chunk)
                    parameters.add(list: "ProductDescription", Self.products)
                    parameters.add("StartTime", since.timestamp)
                    return try await pages(
                        .describeSpotPriceHistory, parameters, region: region,
                        records: Self.prices(region: region))
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Reads the prices of one response to DescribeSpotPriceHistory.
    package static func readSpotPrices(_ response: [UInt8], region: String) throws -> [SpotPrice] {
        try read(response, action: .describeSpotPriceHistory, prices(region: region)).items
    }

    static func prices(region: String) -> Records<SpotPrice> {
        Records(
            path: ["spotPriceHistorySet", "item"],
            names: ["instanceType", "productDescription", "spotPrice", "timestamp", "availabilityZone"]
        ) { record in
            guard let type = record.text("instanceType"), let zone = record.text("availabilityZone"),
                let text = record.text("spotPrice"), let price = Price(text),
                let time = record.text("timestamp"),
                let timestamp = Date(timestamp: time)
            else { throw XMLError(description: "a spot price lacks its type, zone, price or time") }
            if let product = record.text("productDescription"), !products.contains(product) { return nil }
            return SpotPrice(
                pool: Pool(region: region, availabilityZone: zone, instanceType: type), price: price,
                timestamp: timestamp)
        }
    }
}
