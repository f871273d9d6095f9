extension PoolChoice {
    /// Chooses the pools that cover a change at the least total effective price.
    ///
    /// - Parameters:
    ///   - change: capacity to gain; above zero.
    ///   - headroom: capacity left below maxCapacity. It is passed only when every cover passes it (instances are
    ///     whole), and then by less than the smallest instance.
    public static func choosing(
        for workerType: WorkerType, change: Int, headroom: Int, book: PriceBook, rules: ProvisioningRules
    ) -> PoolChoice {
        let survey = PoolSurvey(workerType, book: book, rules: rules)
        var choice = PoolChoice()
        choice.considered = survey.considered
        if survey.aboveMaxPrice > 0 { choice.refused[.aboveMaxPrice] = survey.aboveMaxPrice }
        if survey.backedOff > 0 { choice.refused[.backedOff] = survey.backedOff }

        let lines = survey.byCapacity.keys.sorted().flatMap { survey.byCapacity[$0]?.lines ?? [] }
            .sorted {
                ($0.effectivePrice, book.entries[$0.entry].pool) < (
                    $1.effectivePrice, book.entries[$1.entry].pool
                )
            }
        let demand = min(change, lookAhead)
        choice.poolShare = max(rules.maxPoolShare, survey.usable > 0 ? 1 / Double(survey.usable) : 1)
        let counts = cover(lines, demand: demand, headroom: headroom, share: choice.poolShare)
        choice.keepCandidates(of: survey, lines: lines, counts: counts ?? [], book: book, workerType)
        guard let counts else {
            choice.problem = nothingToBuy(survey, book: book, workerType)
            return choice
        }
        for (line, count) in zip(lines, counts) where count > 0 {
            let entry = book.entries[line.entry]
            let pricing = Pricing(workerType.definition, utility: line.utility, reading: rules.utility)
            let bid = Bid(
                workerType: workerType.name, pool: entry.pool, capacity: line.capacity, market: .spot,
                spotPrice: entry.price, effectivePrice: line.effectivePrice,
                bidPrice: pricing.bid(at: entry.price))
            if bid.bidPrice > rules.maxBid {
                choice.bids = []
                choice.problem =
                    "stopped: a bid of \(bid.bidPrice) USD/h for \(entry.pool) is above the deployment's maxBid of "
                    + "\(rules.maxBid)"
                return choice
            }
            choice.bids += Array(repeating: bid, count: count)
        }
        return choice
    }

    /// The counts for each line, by falling strictness: within the share and the headroom; within the headroom;
    /// past it by less than the smallest instance.
    private static func cover(_ lines: [PoolSurvey.Line], demand: Int, headroom: Int, share: Double) -> [Int]?
    {
        guard let smallest = lines.map(\.capacity).min() else { return nil }
        // Capacities that share a divisor are counted in its units: the search is shorter by that factor.
        let unit = lines.reduce(0) { greatestCommonDivisor($0, $1.capacity) }
        let units = (demand + unit - 1) / unit
        func counts(share: Double, ceiling: Int) -> [Int]? {
            let items = lines.map { line in
                let limit = (share * Double(units) / Double(line.capacity / unit)).rounded(.up)
                return CoverItem(
                    capacity: line.capacity / unit, price: line.effectivePrice, limit: max(1, Int(limit)))
            }
            return LeastPriceCover.counts(of: items, demand: units, ceiling: ceiling / unit)
        }
        return counts(share: share, ceiling: headroom)
            ?? counts(share: 1, ceiling: headroom)
            ?? counts(share: 1, ceiling: max(headroom, demand) + smallest - 1)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    private mutating func keepCandidates(
        of survey: PoolSurvey, lines: [PoolSurvey.Line], counts chosen: [Int], book: PriceBook,
        _ workerType: WorkerType
    ) {
        let maxPrice = Price(usd: workerType.definition.maxPrice)
        let counts = Dictionary(
            zip(lines, chosen).lazy.filter { $0.1 > 0 }.map { ($0.0.entry, $0.1) },
            uniquingKeysWith: { first, _ in first })
        let best = survey.best.lines
        let shown = Set(best.map(\.entry))
        // A large instance may be the best choice without being among the cheapest for each unit.
        let others = lines.filter { counts[$0.entry] != nil && !shown.contains($0.entry) }
        candidates = (best + others).map { line in
            let entry = book.entries[line.entry]
            let refusal: Refusal? =
                line.effectivePrice > maxPrice
                ? .aboveMaxPrice : entry.backedOffUntil == nil ? nil : .backedOff
            return Candidate(
                pool: entry.pool, capacity: line.capacity, spotPrice: entry.price, utility: line.utility,
                effectivePrice: line.effectivePrice, refusal: refusal, count: counts[line.entry] ?? 0)
        }
    }

    private static func nothingToBuy(_ survey: PoolSurvey, book: PriceBook, _ workerType: WorkerType)
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
