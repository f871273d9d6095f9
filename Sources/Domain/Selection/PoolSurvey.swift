import Formats

/// The pools that a worker type allows: whether each may be used, and the price by which it is compared.
///
/// Where every pool may take the same share, only the cheapest few of each capacity are kept, enough to take all
/// of the change. The time of the exact search then does not depend on the number of pools.
struct PoolSurvey {
    private(set) var considered = 0
    private(set) var aboveMaxPrice = 0
    private(set) var aboveMaxBid = 0
    /// The holds of affordable pools that may not be used, by index of the price book.
    private(set) var held: [Int: Hold] = [:]
    /// The number of usable pools of each capacity.
    private(set) var usable: [Int: Int] = [:]
    /// The usable pools that can matter, by compared price, then by pool.
    private(set) var pools: [SurveyedPool] = []
    /// The best usable and refused pools, by compared price for each unit of capacity.
    private(set) var best: [SurveyedPool] = []
    /// The cheapest pool above maxPrice or maxBid.
    private(set) var cheapestRefused: SurveyedPool?

    /// - Parameters:
    ///   - holds: the holds that apply to the worker type; nil for the holds of the book alone.
    ///   - platforms: the platforms of the worker type's pools.
    ///   - maxBid: the deployment's maximum bid.
    ///   - ignoringInterruptions: whether holds of interrupted pools do not apply.
    ///   - enough: the number of usable pools of one capacity that can matter; nil for all.
    ///   - comparing: the price that a pool is compared by, from an instance's capacity and effective price.
    init(
        _ workerType: WorkerType, book: PriceBook, platforms: PoolPlatforms, holds: WorkerTypeHolds?,
        utility: ProvisioningRules.Utility, maxBid: Price, enough: Int?,
        ignoringInterruptions: Bool = false,
        comparing: (Pool, Int, Price) -> Price
    ) {
        let definition = workerType.definition
        let allowed = AllowedPools(of: definition)
        let maxPrice = Price(usd: definition.maxPrice)
        var shown = Ranked(limit: PoolChoice.candidateLimit)
        var byCapacity: [Int: Ranked] = [:]
        func hold(on index: Int, bidPrice: Price) -> Hold? {
            let hold =
                if let holds, holds.refinesGeneral {
                    holds.hold(on: book.entries[index].pool, .spot, bidPrice: bidPrice)
                } else {
                    book.holds[index]
                }
            return ignoringInterruptions && hold?.kind == .interrupted ? nil : hold
        }
        let types = definition.instanceTypes.map { type in
            (type, Pricing(definition, utility: type.utility, reading: utility))
        }
        for region in definition.regions {
            let ranges = book.lines(in: region.region)
            if ranges.isEmpty { continue }
            let zones = allowed.zones(in: region.region)
            for (type, pricing) in types {
                guard let range = ranges[type.instanceType] else { continue }
                var ranked = byCapacity[type.capacity] ?? Ranked(limit: enough)
                var usableOfType = 0
                for index in range {
                    let entry = book.entries[index]
                    guard zones.contains(entry.pool.availabilityZone),
                        platforms.platform(of: entry.pool) == entry.platform
                    else { continue }
                    considered += 1
                    let price = entry.price
                    let effective = pricing.effectivePrice(of: price)
                    let bidPrice = pricing.bid(at: price)
                    let candidate = SurveyedPool(
                        entry: index, capacity: type.capacity, utility: type.utility,
                        effectivePrice: effective,
                        comparedPrice: comparing(entry.pool, type.capacity, effective))
                    let key = Double(candidate.comparedPrice.nanodollars)
                    shown.offer(candidate, key: key / Double(type.capacity), in: book)
                    let isAboveMaxPrice = effective > maxPrice
                    if isAboveMaxPrice || bidPrice > maxBid {
                        if isAboveMaxPrice { aboveMaxPrice += 1 } else { aboveMaxBid += 1 }
                        if effective < cheapestRefused?.effectivePrice ?? .ceiling {
                            cheapestRefused = candidate
                        }
                    } else if let hold = hold(on: index, bidPrice: bidPrice) {
                        held[index] = hold
                    } else {
                        usableOfType += 1
                        ranked.offer(candidate, key: key, in: book)
                    }
                }
                byCapacity[type.capacity] = ranked
                if usableOfType > 0 { usable[type.capacity, default: 0] += usableOfType }
            }
        }
        best = shown.pools
        pools = byCapacity.values.flatMap(\.pools).sorted {
            $0.comparedPrice == $1.comparedPrice
                ? book.entries[$0.entry].pool < book.entries[$1.entry].pool
                : $0.comparedPrice < $1.comparedPrice
        }
    }

    /// Whether holds of interrupted pools leave no pool: the last pools stay open, unless on-demand instances can replace
    /// pools that were interrupted repeatedly.
    func mustUseInterruptedPools(onDemand: Bool) -> Bool {
        let interrupted = held.values.filter { $0.kind == .interrupted }
        guard pools.isEmpty, !interrupted.isEmpty else { return false }
        return !onDemand || interrupted.contains { $0.failures < 2 }
    }

    /// A list of the pools with the smallest keys, in order, equal keys by pool; without a limit, of all in any order.
    private struct Ranked {
        let limit: Int?
        private(set) var pools: [SurveyedPool] = []
        private var keys: [Double] = []

        init(limit: Int?) { self.limit = limit }

        mutating func offer(_ candidate: SurveyedPool, key: Double, in book: PriceBook) {
            guard let limit else { return pools.append(candidate) }
            if pools.count == limit, let worst = keys.last, key > worst { return }
            var place = keys.count
            while place > 0,
                keys[place - 1] > key
                    || keys[place - 1] == key && precedes(candidate, pools[place - 1], in: book)
            {
                place -= 1
            }
            if place == limit { return }
            pools.insert(candidate, at: place)
            keys.insert(key, at: place)
            if pools.count > limit {
                pools.removeLast()
                keys.removeLast()
            }
        }

        private func precedes(_ candidate: SurveyedPool, _ other: SurveyedPool, in book: PriceBook) -> Bool {
            book.entries[candidate.entry].pool < book.entries[other.entry].pool
        }
    }
}
