import Formats

/// One pass over the pools that a worker type allows: which may be used, and at what price each is compared.
///
/// Where every pool may take the same share, only the cheapest few of each capacity are kept: enough of them to
/// take all of the change. The exact search that follows does not grow with the number of pools then.
struct PoolSurvey {
    /// An allowed pool, by its place in the price book.
    struct Line {
        let entry: Int
        let capacity: Int
        let utility: Double
        let effectivePrice: Price
        /// What the strategy compares: the effective price, or more where it prices in a risk or idle slots.
        let comparedPrice: Price
    }

    private(set) var considered = 0
    private(set) var aboveMaxPrice = 0
    private(set) var backedOff = 0
    /// How many usable pools there are of each capacity.
    private(set) var usable: [Int: Int] = [:]
    /// Usable lines by compared price, then by pool; as many as can matter.
    private(set) var lines: [Line] = []
    /// The best of all, refused or not, by compared price for each unit of capacity.
    private(set) var best: [Line] = []
    /// The cheapest that only its price refused.
    private(set) var cheapestRefused: Line?

    /// - Parameters:
    ///   - enough: how many usable pools of one capacity can matter; nil for all.
    ///   - comparing: the price that a pool is compared by, from an instance's capacity and effective price.
    init(
        _ workerType: WorkerType, book: PriceBook, utility: ProvisioningRules.Utility, enough: Int?,
        comparing: (Pool, Int, Price) -> Price
    ) {
        let definition = workerType.definition
        let allowed = AllowedPools(of: definition)
        let maxPrice = Price(usd: definition.maxPrice)
        var shown = Ranked(limit: PoolChoice.kept)
        var byCapacity: [Int: Ranked] = [:]
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
                    guard zones.contains(book.entries[index].pool.availabilityZone) else { continue }
                    considered += 1
                    let effective = pricing.effectivePrice(of: book.entries[index].price)
                    let line = Line(
                        entry: index, capacity: type.capacity, utility: type.utility,
                        effectivePrice: effective,
                        comparedPrice: comparing(book.entries[index].pool, type.capacity, effective))
                    let key = Double(line.comparedPrice.nanodollars)
                    shown.offer(line, key: key / Double(type.capacity), book)
                    if effective > maxPrice {
                        aboveMaxPrice += 1
                        if effective < cheapestRefused?.effectivePrice ?? .ceiling { cheapestRefused = line }
                    } else if book.entries[index].backedOffUntil != nil {
                        backedOff += 1
                    } else {
                        usableOfType += 1
                        ranked.offer(line, key: key, book)
                    }
                }
                byCapacity[type.capacity] = ranked
                if usableOfType > 0 { usable[type.capacity, default: 0] += usableOfType }
            }
        }
        best = shown.lines
        lines = byCapacity.values.flatMap(\.lines).sorted {
            $0.comparedPrice == $1.comparedPrice
                ? book.entries[$0.entry].pool < book.entries[$1.entry].pool
                : $0.comparedPrice < $1.comparedPrice
        }
    }

    /// A short list that keeps its smallest keys, in order, equal keys by pool; without a limit, all in any order.
    private struct Ranked {
        let limit: Int?
        private(set) var lines: [Line] = []
        private var keys: [Double] = []

        init(limit: Int?) { self.limit = limit }

        mutating func offer(_ line: Line, key: Double, _ book: PriceBook) {
            guard let limit else { return lines.append(line) }
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
