/// One pass over the pools that a worker type allows, keeping only what can matter.
///
/// A pool is dominated when enough pools of the same capacity are cheaper to take all of the change. Of 1,000
/// pools a handful is left, so the exact search that follows does not grow with the number of pools.
struct PoolSurvey {
    /// A pool still in the running, by its place in the price book.
    struct Line {
        let entry: Int
        let capacity: Int
        let utility: Double
        let effectivePrice: Price
    }

    private(set) var considered = 0
    private(set) var usable = 0
    private(set) var aboveMaxPrice = 0
    private(set) var backedOff = 0
    /// The usable lines in order of effective price, for each capacity; as many as can matter.
    private(set) var byCapacity: [Int: Ranked] = [:]
    /// The best of all, refused or not, by price for each unit of capacity.
    private(set) var best: Ranked
    /// The cheapest that only its price refused.
    private(set) var cheapestRefused: Line?

    init(_ workerType: WorkerType, book: PriceBook, rules: ProvisioningRules) {
        let definition = workerType.definition
        let maxPrice = Price(usd: definition.maxPrice)
        let share = rules.maxPoolShare
        let enough = max(1, Int((1 / max(share, 0.001)).rounded(.up)))
        best = Ranked(limit: PoolChoice.kept)
        let types = definition.instanceTypes.map { type in
            (type, Pricing(definition, utility: type.utility, reading: rules.utility))
        }
        for region in definition.regions {
            let lines = book.lines(in: region.region)
            if lines.isEmpty { continue }
            let named = Set(
                definition.availabilityZones.lazy.filter { $0.region == region.region }.map(
                    \.availabilityZone))
            for (type, pricing) in types {
                guard let range = lines[type.instanceType] else { continue }
                var ranked = byCapacity[type.capacity] ?? Ranked(limit: enough)
                for index in range {
                    if !named.isEmpty, !named.contains(book.entries[index].pool.availabilityZone) { continue }
                    considered += 1
                    let line = Line(
                        entry: index, capacity: type.capacity, utility: type.utility,
                        effectivePrice: pricing.effectivePrice(of: book.entries[index].price))
                    best.offer(
                        line, key: Double(line.effectivePrice.nanodollars) / Double(type.capacity), book)
                    if line.effectivePrice > maxPrice {
                        aboveMaxPrice += 1
                        if line.effectivePrice < cheapestRefused?.effectivePrice ?? .ceiling {
                            cheapestRefused = line
                        }
                    } else if book.entries[index].backedOffUntil != nil {
                        backedOff += 1
                    } else {
                        usable += 1
                        ranked.offer(line, key: Double(line.effectivePrice.nanodollars), book)
                    }
                }
                byCapacity[type.capacity] = ranked
            }
        }
    }

    /// A short list that keeps its smallest keys, in order; equal keys by pool.
    struct Ranked {
        let limit: Int
        private(set) var lines: [Line] = []
        private var keys: [Double] = []

        init(limit: Int) { self.limit = limit }

        mutating func offer(_ line: Line, key: Double, _ book: PriceBook) {
            if lines.count == limit, let worst = keys.last, key > worst { return }
            var place = keys.count
            while place > 0,
                keys[place - 1] > key || keys[place - 1] == key && precedes(line, lines[place - 1], book)
            {
                place -= 1
            }
            if place == limit { return }
            lines.insert(line, at: place)
            keys.insert(key, at: place)
            if lines.count > limit {
                lines.removeLast()
                keys.removeLast()
            }
        }

        private func precedes(_ line: Line, _ other: Line, _ book: PriceBook) -> Bool {
            book.entries[line.entry].pool < book.entries[other.entry].pool
        }
    }
}
