extension PoolChoice {
    /// Keeps the best pools and those that were taken, for explanation.
    mutating func keepCandidates(
        of survey: PoolSurvey, counts chosen: [Int], bounds: PoolCover.Bounds?, _ basis: Basis,
        _ workerType: WorkerType
    ) {
        let maxPrice = Price(usd: workerType.definition.maxPrice)
        let counts = Dictionary(
            zip(survey.lines, chosen).lazy.filter { $0.1 > 0 }.map { ($0.0.entry, $0.1) },
            uniquingKeysWith: { first, _ in first })
        let shown = Set(survey.best.map(\.entry))
        // A large instance may be the best choice without being among the cheapest for each unit.
        let others = survey.lines.filter { counts[$0.entry] != nil && !shown.contains($0.entry) }
        candidates = (survey.best + others).map { line in
            let entry = basis.book.entries[line.entry]
            let refusal: Refusal? =
                line.effectivePrice > maxPrice
                ? .aboveMaxPrice : entry.backedOffUntil == nil ? nil : .backedOff
            let held = terms?.strategy == .diversified ? basis.holdings[entry.pool] ?? 0 : nil
            let limit: Int? = bounds.map { bounds in
                guard refusal == nil, line.capacity <= bounds.ceiling else { return 0 }
                let share = bounds.limit(capacity: line.capacity)
                guard let spread = terms?.spread else { return share }
                return Spread.limit(
                    level: spread.level, all: spread.heldInAll + bounds.demand, held: held ?? 0, share: share,
                    capacity: line.capacity)
            }
            return Candidate(
                pool: entry.pool, capacity: line.capacity, spotPrice: entry.price, utility: line.utility,
                effectivePrice: line.effectivePrice,
                risk: terms?.interruptionPricing?.risk(of: entry.pool, record: basis.interruptions),
                comparedPrice: line.comparedPrice, held: held, refusal: refusal,
                backedOffUntil: refusal == .backedOff ? entry.backedOffUntil : nil, limit: limit,
                count: counts[line.entry] ?? 0)
        }
    }

    /// Why no pool could be taken.
    static func nothingToBuy(_ survey: PoolSurvey, book: PriceBook, _ workerType: WorkerType)
        -> String
    {
        if survey.considered == 0 {
            return "no allowed pool has a price: its regions, zones and instance types are not offered now"
        }
        if survey.backedOff > 0 {
            return "every affordable pool is backed off (\(survey.backedOff) of \(survey.considered))"
        }
        let best = survey.cheapestRefused.map { line in
            "; the best is \(book.entries[line.entry].pool) at an effective price of \(line.effectivePrice)"
        }
        return
            "nothing affordable: every pool is above maxPrice \(workerType.definition.maxPrice)\(best ?? "")"
    }
}
