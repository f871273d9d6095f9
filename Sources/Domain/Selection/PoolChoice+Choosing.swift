extension PoolChoice {
    /// What a choice follows from beside the worker type and the rules: the market, and what is held already.
    package struct Basis: Sendable {
        /// Capacity to gain; above zero.
        package var change: Int
        /// Capacity left below maxCapacity. It is passed only when every cover passes it (instances are whole), and
        /// then by less than the smallest instance.
        package var headroom: Int
        package var book: PriceBook
        package var interruptions: InterruptionRecord
        /// The capacity that the worker type has in each pool, or has asked for.
        package var holdings: [Pool: Int]
        /// What pools are drawn by, where they are drawn at random.
        package var seed: UInt64

        package init(
            change: Int, headroom: Int, book: PriceBook,
            interruptions: InterruptionRecord = InterruptionRecord(),
            holdings: [Pool: Int] = [:], seed: UInt64 = 0
        ) {
            self.change = change
            self.headroom = headroom
            self.book = book
            self.interruptions = interruptions
            self.holdings = holdings
            self.seed = seed
        }
    }

    /// Chooses the pools that cover a change, by the strategy of the worker type.
    package static func choosing(for workerType: WorkerType, _ basis: Basis, rules: ProvisioningRules)
        -> PoolChoice
    {
        let strategy = rules.strategy(of: workerType.name)
        let demand = min(basis.change, lookAhead)
        let headroom = min(basis.headroom, Int(Int32.max))
        var terms = Terms(
            strategy: strategy, utility: rules.utility, amount: demand, headroom: headroom, ceiling: headroom,
            maxPoolShare: rules.maxPoolShare, minPrice: workerType.definition.minPrice,
            maxPrice: workerType.definition.maxPrice)
        terms.idlePricing = IdlePricing(strategy, rules: rules)
        if strategy == .riskAdjusted {
            terms.interruptionPricing = InterruptionPricing(workerType.name, rules: rules)
        }
        let survey = survey(workerType, basis, rules, terms)
        var choice = PoolChoice()
        choice.considered = survey.considered
        if survey.aboveMaxPrice > 0 { choice.refused[.aboveMaxPrice] = survey.aboveMaxPrice }
        if survey.backedOff > 0 { choice.refused[.backedOff] = survey.backedOff }
        let cover = PoolCover(
            of: survey.lines, fitting: survey.usable, demand: demand, headroom: headroom,
            share: rules.maxPoolShare)
        choice.poolShare = cover?.bounds.share ?? rules.maxPoolShare
        terms.ceiling = cover?.bounds.ceiling ?? headroom
        let counts = cover.map { instances(survey.lines, $0, basis, rules, &terms) }
        choice.terms = terms
        choice.keepCandidates(of: survey, counts: counts ?? [], bounds: cover?.bounds, basis, workerType)
        if let counts {
            choice.bid(for: workerType, survey.lines, counts, basis.book, rules)
        } else {
            choice.problem = Problem(.warning, nothingToBuy(survey, book: basis.book, workerType))
        }
        return choice
    }

    private static func survey(
        _ workerType: WorkerType, _ basis: Basis, _ rules: ProvisioningRules, _ terms: Terms
    ) -> PoolSurvey {
        let enough: Int? =
            switch terms.strategy {
            case .leastCost, .riskAdjusted:
                max(1, Int((1 / max(rules.maxPoolShare, 0.001) - PoolCover.slack).rounded(.up)))
            // Pools differ in more than their price here: each can matter.
            case .diversified, .randomZone, .cheapestPool: nil
            }
        let (risks, idling) = (terms.interruptionPricing, terms.idlePricing)
        guard risks != nil || idling != nil else {
            return PoolSurvey(workerType, book: basis.book, utility: rules.utility, enough: enough) {
                _, _, price in price
            }
        }
        return PoolSurvey(workerType, book: basis.book, utility: rules.utility, enough: enough) {
            pool, capacity, price in
            let risk = risks?.risk(of: pool, record: basis.interruptions).factor ?? 1
            return price.multiplied(by: risk * (idling?.factor(capacity: capacity) ?? 1))
        }
    }

    /// How many instances of each line the strategy takes, within the bounds that can be kept.
    private static func instances(
        _ lines: [PoolSurvey.Line], _ cover: PoolCover, _ basis: Basis, _ rules: ProvisioningRules,
        _ terms: inout Terms
    ) -> [Int] {
        switch terms.strategy {
        case .leastCost, .riskAdjusted:
            return cover.counts
        case .diversified:
            let spreading = SpreadSolver(
                lines, least: cover, heldInAll: basis.holdings.values.reduce(0, +),
                maxPremium: rules.maxPremium
            ) { basis.holdings[basis.book.entries[$0.entry].pool] ?? 0 }
            terms.spread = spreading.terms
            return spreading.counts
        case .randomZone:
            terms.seed = basis.seed
            var random = SeededRandom(seed: basis.seed)
            return Baselines.randomZone(lines, in: cover.bounds, random: &random) ?? cover.counts
        case .cheapestPool:
            return Baselines.cheapestPool(lines, in: cover.bounds) ?? cover.counts
        }
    }

    private mutating func bid(
        for workerType: WorkerType, _ lines: [PoolSurvey.Line], _ counts: [Int], _ book: PriceBook,
        _ rules: ProvisioningRules
    ) {
        for (line, count) in zip(lines, counts) where count > 0 {
            let entry = book.entries[line.entry]
            let pricing = Pricing(workerType.definition, utility: line.utility, reading: rules.utility)
            let bid = Bid(
                workerType: workerType.name, pool: entry.pool, capacity: line.capacity, market: .spot,
                spotPrice: entry.price, effectivePrice: line.effectivePrice,
                bidPrice: pricing.bid(at: entry.price))
            if bid.bidPrice > rules.maxBid {
                bids = []
                problem = Problem(
                    .stopped,
                    "a bid of \(bid.bidPrice) USD/h for \(entry.pool) is above the deployment's maxBid of "
                        + "\(rules.maxBid)")
                return
            }
            bids += Array(repeating: bid, count: count)
        }
    }
}
