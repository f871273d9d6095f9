import AWS
package import Domain
import Formats
package import FoundationEssentials

extension EC2Client {
    /// Returns the prices of instance types for platforms from a time on, the prices at that time included.
    package func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) async throws -> SpotPriceHistory {
        // A filter has at most 200 values.
        let types = instanceTypes.sorted()
        let chunks = stride(from: 0, to: types.count, by: 100).map {
            Array(types[$0..<min($0 + 100, types.count)])
        }
        let products = ImagePlatform.allCases.filter(platforms.contains).flatMap(\.productDescriptions)
        return try await withThrowingTaskGroup(of: SpotPriceHistory.self) { group in
            for chunk in chunks {
                group.addTask {
                    var parameters = QueryParameters()
                    parameters.add(list: "InstanceType", chunk)
                    parameters.add(list: "ProductDescription", products)
                    parameters.add("StartTime", since.timestamp)
                    return SpotPriceHistory(
                        records: try await pages(
                            .describeSpotPriceHistory, parameters, region: region,
                            records: Self.prices(region: region, platforms: platforms)))
                }
            }
            return try await group.reduce(into: SpotPriceHistory([])) { all, some in
                all.prices += some.prices
                all.unusable += some.unusable
            }
        }
    }

    /// Reads the prices of one response to DescribeSpotPriceHistory.
    package static func readSpotPrices(
        _ response: [UInt8], region: String, platforms: Set<ImagePlatform> = [.linux]
    ) throws -> SpotPriceHistory {
        SpotPriceHistory(
            records: try read(
                response, action: .describeSpotPriceHistory, prices(region: region, platforms: platforms)
            ).items)
    }

    /// The records of a response to DescribeSpotPriceHistory. Records of other platforms are left out. One record
    /// without a usable price must not take the other prices of the region.
    static func prices(region: String, platforms: Set<ImagePlatform>) -> Records<PriceRecord> {
        let products = Dictionary(
            platforms.flatMap { platform in platform.productDescriptions.map { ($0, platform) } },
            uniquingKeysWith: { first, _ in first })
        return Records(
            path: ["spotPriceHistorySet", "item"],
            names: ["instanceType", "productDescription", "spotPrice", "timestamp", "availabilityZone"]
        ) { record in
            let product = record.text("productDescription") ?? ImagePlatform.linux.productDescription
            guard let platform = products[product] else { return nil }
            guard let type = record.text("instanceType"), !type.isEmpty,
                let zone = record.text("availabilityZone"), !zone.isEmpty,
                let price = record.text("spotPrice").flatMap(Price.init), price > .zero,
                let timestamp = record.text("timestamp").flatMap(Date.init(timestamp:))
            else { return .unusable }
            return .price(
                SpotPrice(
                    pool: Pool(region: region, availabilityZone: zone, instanceType: type),
                    platform: platform,
                    price: price, timestamp: timestamp))
        }
    }

    /// One record of a response to DescribeSpotPriceHistory.
    enum PriceRecord: Sendable {
        case price(SpotPrice)
        /// Lacks its type, zone, time or a positive price.
        case unusable
    }
}

extension SpotPriceHistory {
    fileprivate init(records: [EC2Client.PriceRecord]) {
        self.init([])
        for record in records {
            switch record {
            case .price(let price): prices.append(price)
            case .unusable: unusable += 1
            }
        }
    }
}
