import Domain
import Formats
import FoundationEssentials

/// A choice of capacity 2,000 for a worker type with 50 pools in each region: ten instance types of five sizes in five
/// zones.
struct LargeChoice {
    let workerType: WorkerType
    let input: PoolChoice.Input

    init(regions count: Int) {
        let regions = (1...count).map { "xx-test-\($0)" }
        let types = (0..<10).map { ("c\($0).xlarge", 1 << ($0 % 5)) }
        let zones = Dictionary(
            uniqueKeysWithValues: regions.map { region in (region, "abcde".map { region + String($0) }) })
        var number = 0
        let prices = zones.sorted { $0.key < $1.key }.flatMap { region, zones in
            zones.flatMap { zone in
                types.map { type, capacity in
                    number += 1
                    // Realistic prices: proportional to the size, similar, few equal.
                    let price = Double(capacity) * (0.04 + Double(number * 7919 % 977) / 50_000)
                    return SpotPrice(
                        pool: Pool(region: region, availabilityZone: zone, instanceType: type),
                        price: Price(usd: price), timestamp: start)
                }
            }
        }
        workerType = WorkerType(
            name: "large",
            definition: WorkerTypeDefinition(
                maxCapacity: 10_000, scalingRatio: 0, minPrice: 0, maxPrice: 10,
                instanceTypes: types.map { type, capacity in
                    InstanceTypeConfiguration(instanceType: type, capacity: capacity, utility: 1)
                }, regions: regions.map { RegionConfiguration(region: $0, launchSpec: ["ImageId": "ami-1"]) }),
            lastModified: .distantPast)
        input = PoolChoice.Input(
            change: 2000, headroom: 10_000,
            book: PriceBook(prices, zones: zones, holds: Holds([], now: start)),
            interruptions: InterruptionRecord(
                Dictionary(
                    uniqueKeysWithValues: prices.enumerated().map { ($1.pool, ($0 % 7, Double($0 % 300))) })),
            holdings: Dictionary(uniqueKeysWithValues: prices.enumerated().map { ($1.pool, $0 % 11 * 16) }))
    }

    /// Seconds of one decision by a strategy.
    func seconds(_ strategy: Strategy) -> Double {
        var rules = ProvisioningRules()
        rules.strategy = strategy
        return measure(30) { PoolChoice(for: workerType, from: input, rules: rules).bids.count }.seconds
    }

    /// Seconds for sorting the same pools by their price for each unit of capacity, as the simplest choice does.
    var sortingSeconds: Double {
        let capacities = Dictionary(
            uniqueKeysWithValues: workerType.definition.instanceTypes.map { ($0.instanceType, $0.capacity) })
        return measure(30) {
            input.book.entries.map { entry in
                (entry.price.usd / Double(capacities[entry.pool.instanceType] ?? 1), entry.pool)
            }.sorted { $0 < $1 }.count
        }.seconds
    }
}
