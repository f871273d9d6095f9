package import Domain
import Formats
import FoundationEssentials
import Glibc

/// Generator of spot prices like those of EC2: each pool has a mean below the on-demand price, the price changes slowly
/// around it every few hours, and in some pools it never changes.
package struct PriceGenerator: Sendable {
    /// Availability zones by region.
    package static let zones = [
        "us-east-1": ["a", "b", "c", "d", "e", "f"].map { "us-east-1" + $0 },
        "eu-west-1": ["a", "b", "c"].map { "eu-west-1" + $0 },
    ]
    /// Approximate on-demand prices for each vCPU, US dollars an hour, by family.
    private static let families: [(name: String, usd: Double)] = [
        ("c4", 0.05), ("c5", 0.043), ("c5d", 0.048), ("m4", 0.05), ("m5", 0.048), ("m5d", 0.057),
        ("r5", 0.063),
    ]
    private static let sizes: [(name: String, vCPUs: Double)] = [
        ("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16), ("8xlarge", 32),
    ]

    package var days: Double

    package init(days: Double) { self.days = days }

    /// - Parameter start: seconds since 1970.
    package func prices(from start: Double, seed: UInt64) -> [SpotPrice] {
        var random = SeededRandom(seed: seed)
        var prices: [SpotPrice] = []
        for (region, zones) in Self.zones.sorted(by: { $0.key < $1.key }) {
            for (family, perCPU) in Self.families {
                for (size, vCPUs) in Self.sizes {
                    for zone in zones {
                        // Some zones do not offer some types: one pool in sixteen is left out.
                        if random.fraction() < 1.0 / 16 { continue }
                        let pool = Pool(
                            region: region, availabilityZone: zone, instanceType: "\(family).\(size)")
                        prices += series(pool, onDemand: perCPU * vCPUs, from: start, &random)
                    }
                }
            }
        }
        return prices
    }

    private func series(
        _ pool: Pool, onDemand: Double, from start: Double, _ random: inout SeededRandom
    ) -> [SpotPrice] {
        let level = onDemand * (0.31 + 0.24 * random.fraction())
        let isConstant = random.fraction() < 0.1
        var usd = level
        var time = start
        var prices: [SpotPrice] = []
        while time < start + days * 86_400 {
            prices.append(
                SpotPrice(
                    pool: pool, price: Price(usd: (usd * 10_000).rounded() / 10_000),
                    timestamp: Date(timeIntervalSince1970: time)))
            time += (3600 * (3 + 6 * random.fraction())).rounded()
            let step = 0.012 * random.normal() + 0.05 * (level / usd - 1)
            if !isConstant { usd = min(onDemand, max(0.2 * onDemand, usd * exp(step))) }
        }
        return prices
    }
}
