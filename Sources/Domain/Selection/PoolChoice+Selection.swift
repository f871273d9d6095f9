extension PoolChoice {
    /// Selects the pools that cover a change, by the strategy of the worker type.
    package init(for workerType: WorkerType, from input: Input, rules: ProvisioningRules) {
        let strategy = rules.strategy(of: workerType.name)
        let headroom = min(input.headroom, Int(Int32.max))
        var parameters = SelectionParameters(
            strategy: strategy, utility: rules.utility, amount: input.change, headroom: headroom,
            ceiling: headroom,
            maxPoolShare: rules.maxPoolShare, minPrice: workerType.definition.minPrice,
            maxPrice: workerType.definition.maxPrice)
        parameters.idlePricing = IdlePricing(strategy, rules: rules)
        if strategy == .riskAdjusted {
            parameters.interruptionPricing = InterruptionPricing(workerType.name, rules: rules)
        }
        var survey = Self.survey(workerType, input: input, rules: rules, parameters: parameters)
        if survey.mustUseInterruptedPools(onDemand: workerType.definition.canUseOndemand) {
            survey = Self.survey(
                workerType, input: input, rules: rules, parameters: parameters, ignoringInterruptions: true)
        }
        self.init()
        considered = survey.considered
        if survey.aboveMaxPrice > 0 { refused[.aboveMaxPrice] = survey.aboveMaxPrice }
        if survey.aboveMaxBid > 0 { refused[.aboveMaxBid] = survey.aboveMaxBid }
        if !survey.held.isEmpty { refused[.held] = survey.held.count }
        let cover = Self.cover(
            from: survey, input: input, most: Self.mostBids(for: workerType, input: input, rules: rules),
            smallestListed: workerType.definition.smallestCapacity, rules: rules, parameters: &parameters)
        poolShare = cover?.bounds.share ?? rules.maxPoolShare
        parameters.ceiling = cover?.bounds.ceiling ?? headroom
        self.parameters = parameters
        keepCandidates(
            of: survey, counts: cover?.counts ?? [], bounds: cover?.bounds, input: input,
            workerType: workerType, rules: rules)
        if let cover {
            addBids(for: workerType, in: survey.pools, counts: cover.counts, book: input.book, rules: rules)
            problem = cover.rest.map { Self.waiting($0, of: input, for: workerType) }
        } else {
            problem = Self.emptiness(survey, input: input, workerType: workerType, rules: rules)
        }
    }

    /// The maximum number of bids of one decision: the submissions of its regions in one iteration, so that a backlog of
    /// any size costs the same. The next iteration decides the rest.
    static func mostBids(for workerType: WorkerType, input: Input, rules: ProvisioningRules) -> Int {
        let regions = max(1, workerType.definition.regions.count)
        return max(1, min(input.mostBids, rules.submissionsPerRegion * regions))
    }

    /// The number of instances that the strategy buys in each pool, for as much of the change as the maximum number of bids
    /// allows.
    ///
    /// - Parameter parameters: receives the amount.
    /// - Returns: the counts, and the rest of the amount that whole instances do not cover below maxCapacity; nil where
    ///   there is none.
    private static func cover(
        from survey: PoolSurvey, input: Input, most: Int, smallestListed: Int, rules: ProvisioningRules,
        parameters: inout SelectionParameters
    ) -> (counts: [Int], bounds: PoolCover.Bounds, rest: Int?)? {
        let largest = min(survey.usable.keys.max() ?? 1, maxDemand)
        parameters.amount = min(input.change, min(most, maxDemand) * largest, maxDemand)
        while true {
            guard
                let cover = PoolCover(
                    of: survey.pools, usable: survey.usable, demand: parameters.amount,
                    headroom: parameters.headroom, share: rules.maxPoolShare, smallestListed: smallestListed)
            else { return nil }
            let rest = parameters.amount - cover.bounds.demand
            parameters.amount = cover.bounds.demand
            let counts = counts(
                of: survey.pools, in: cover, input: input, rules: rules, parameters: &parameters)
            let count = counts.reduce(0, +)
            // An instance has a capacity of at least 1, so that an amount of `most` needs no more bids.
            if count <= most || parameters.amount <= most {
                return (counts, cover.bounds, rest > 0 ? rest : nil)
            }
            parameters.amount = max(most, min(parameters.amount - 1, parameters.amount * most / count))
        }
    }

    private static func survey(
        _ workerType: WorkerType, input: Input, rules: ProvisioningRules, parameters: SelectionParameters,
        ignoringInterruptions: Bool = false
    ) -> PoolSurvey {
        let enough: Int? =
            switch parameters.strategy {
            case .leastCost, .riskAdjusted:
                max(1, Int((1 / max(rules.maxPoolShare, 0.001) - PoolCover.slack).rounded(.up)))
            // These strategies compare more than prices, so that each pool can matter.
            case .diversified, .randomZone, .cheapestPool: nil
            }
        let (risks, idling) = (parameters.interruptionPricing, parameters.idlePricing)
        guard risks != nil || idling != nil else {
            return PoolSurvey(
                workerType, book: input.book, platforms: input.platforms, holds: input.holds,
                utility: rules.utility, maxBid: rules.maxBid, enough: enough,
                ignoringInterruptions: ignoringInterruptions
            ) { _, _, price in price }
        }
        return PoolSurvey(
            workerType, book: input.book, platforms: input.platforms, holds: input.holds,
            utility: rules.utility, maxBid: rules.maxBid, enough: enough,
            ignoringInterruptions: ignoringInterruptions
        ) { pool, capacity, price in
            let risk = risks?.risk(of: pool, record: input.interruptions).factor ?? 1
            return price.multiplied(by: risk * (idling?.factor(capacity: capacity) ?? 1))
        }
    }

    /// The number of instances that the strategy buys in each pool, within the bounds of the cover.
    private static func counts(
        of pools: [SurveyedPool], in cover: PoolCover, input: Input, rules: ProvisioningRules,
        parameters: inout SelectionParameters
    ) -> [Int] {
        switch parameters.strategy {
        case .leastCost, .riskAdjusted:
            return cover.counts
        case .diversified:
            let solver = SpreadSolver(
                pools, least: cover, heldInAll: input.holdings.values.reduce(0, +),
                maxPremium: rules.maxPremium
            ) { input.holdings[input.book.entries[$0.entry].pool] ?? 0 }
            parameters.spread = solver.spread
            return solver.counts
        case .randomZone:
            parameters.seed = input.seed
            var random = SeededRandom(seed: input.seed)
            return Baselines.randomZone(pools, in: cover.bounds, random: &random) ?? cover.counts
        case .cheapestPool:
            return Baselines.cheapestPool(pools, in: cover.bounds) ?? cover.counts
        }
    }

    private mutating func addBids(
        for workerType: WorkerType, in pools: [SurveyedPool], counts: [Int], book: PriceBook,
        rules: ProvisioningRules
    ) {
        for (candidate, count) in zip(pools, counts) where count > 0 {
            let entry = book.entries[candidate.entry]
            let pricing = Pricing(workerType.definition, utility: candidate.utility, reading: rules.utility)
            let bid = Bid(
                workerType: workerType.name, pool: entry.pool, capacity: candidate.capacity, market: .spot,
                spotPrice: entry.price, effectivePrice: candidate.effectivePrice,
                bidPrice: pricing.bid(at: entry.price), platform: entry.platform)
            bids += Array(repeating: bid, count: count)
        }
    }
}
