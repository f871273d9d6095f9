extension PoolChoice {
    /// Chooses the pools that cover a change, by the strategy of the worker type.
    ///
    /// - Parameters:
    ///   - change: capacity to gain; above zero.
    ///   - headroom: capacity left below maxCapacity. It is passed only when every cover passes it (instances are
    ///     whole), and then by less than the smallest instance.
    ///   - seed: what pools are drawn by, where they are drawn at random.
    public static func choosing(
        for workerType: WorkerType, change: Int, headroom: Int, book: PriceBook, rules: ProvisioningRules,
        seed: UInt64 = 0
    ) -> PoolChoice {
        let strategy = rules.strategy
        let enough: Int? =
            switch strategy {
            case .leastCost, .riskAdjusted:
                max(1, Int((1 / max(rules.maxPoolShare, 0.001) - PoolCover.slack).rounded(.up)))
            case .diversified, .randomZone, .cheapestPool: nil
            }
        let survey = PoolSurvey(workerType, book: book, utility: rules.utility, enough: enough) { $1 }
        var choice = PoolChoice()
        choice.considered = survey.considered
        if survey.aboveMaxPrice > 0 { choice.refused[.aboveMaxPrice] = survey.aboveMaxPrice }
        if survey.backedOff > 0 { choice.refused[.backedOff] = survey.backedOff }

        let lines = survey.lines
        // The share of a tenth: thinner than that, one more pool protects little.
        let share = strategy == .diversified ? min(0.1, rules.maxPoolShare) : rules.maxPoolShare
        let cover = PoolCover(
            of: lines, fitting: survey.usable, demand: min(change, lookAhead),
            headroom: min(headroom, Int(Int32.max)), share: share)
        choice.poolShare = cover?.bounds.share ?? rules.maxPoolShare
        let counts = cover.map { cover in
            switch strategy {
            case .leastCost, .riskAdjusted, .diversified: return cover.counts
            case .randomZone:
                var random = SeededRandom(seed: seed)
                return Baselines.randomZone(lines, in: cover.bounds, random: &random) ?? cover.counts
            case .cheapestPool: return Baselines.cheapestPool(lines, in: cover.bounds) ?? cover.counts
            }
        }
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

    private mutating func keepCandidates(
        of survey: PoolSurvey, lines: [PoolSurvey.Line], counts chosen: [Int], book: PriceBook,
        _ workerType: WorkerType
    ) {
        let maxPrice = Price(usd: workerType.definition.maxPrice)
        let counts = Dictionary(
            zip(lines, chosen).lazy.filter { $0.1 > 0 }.map { ($0.0.entry, $0.1) },
            uniquingKeysWith: { first, _ in first })
        let best = survey.best
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
