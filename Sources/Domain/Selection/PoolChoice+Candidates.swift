import Formats

extension PoolChoice {
    /// Keeps the best and the chosen pools for explanation.
    mutating func keepCandidates(
        of survey: PoolSurvey, counts chosen: [Int], bounds: PoolCover.Bounds?, input: Input,
        workerType: WorkerType, rules: ProvisioningRules
    ) {
        let maxPrice = Price(usd: workerType.definition.maxPrice)
        let counts = Dictionary(
            zip(survey.pools, chosen).lazy.filter { $0.1 > 0 }.map { ($0.0.entry, $0.1) },
            uniquingKeysWith: { first, _ in first })
        let shown = Set(survey.best.map(\.entry))
        // A large instance may be chosen without being among the cheapest for each unit of capacity.
        let others = survey.pools.filter { counts[$0.entry] != nil && !shown.contains($0.entry) }
        candidates = (survey.best + others).map { candidate in
            let entry = input.book.entries[candidate.entry]
            let hold = survey.held[candidate.entry]
            let pricing = Pricing(workerType.definition, utility: candidate.utility, reading: rules.utility)
            let refusal: Refusal? =
                if candidate.effectivePrice > maxPrice {
                    .aboveMaxPrice
                } else if pricing.bid(at: entry.price) > rules.maxBid {
                    .aboveMaxBid
                } else {
                    hold.map { _ in .held }
                }
            let held = parameters?.strategy == .diversified ? input.holdings[entry.pool] ?? 0 : nil
            let limit: Int? = bounds.map { bounds in
                guard refusal == nil, candidate.capacity <= bounds.ceiling else { return 0 }
                let share = bounds.limit(capacity: candidate.capacity)
                guard let spread = parameters?.spread else { return share }
                return SelectionParameters.Spread.limit(
                    level: spread.level, all: spread.heldInAll + bounds.demand, held: held ?? 0, share: share,
                    capacity: candidate.capacity)
            }
            return PoolCandidate(
                pool: entry.pool, capacity: candidate.capacity, spotPrice: entry.price,
                utility: candidate.utility,
                effectivePrice: candidate.effectivePrice,
                risk: parameters?.interruptionPricing?.risk(of: entry.pool, record: input.interruptions),
                comparedPrice: candidate.comparedPrice, held: held, refusal: refusal,
                backedOffUntil: refusal == .held ? hold?.endTime : nil,
                heldBecause: refusal == .held ? hold.map { "\($0.subject.name) (\($0.code))" } : nil,
                limit: limit, count: counts[candidate.entry] ?? 0)
        }
    }

    /// The problem of capacity that only an instance above maxCapacity could provide.
    static func waiting(_ capacity: Int, of input: Input, for workerType: WorkerType) -> Problem {
        Problem(
            .warning,
            "capacity \(capacity) waits: maxCapacity leaves \(input.headroom), and no pool for the smallest instance "
                + "(capacity \(workerType.definition.smallestCapacity)) can be used")
    }

    /// Why no pool was chosen.
    static func emptiness(
        _ survey: PoolSurvey, input: Input, workerType: WorkerType, rules: ProvisioningRules
    ) -> Problem {
        let book = input.book
        if !survey.usable.isEmpty { return waiting(input.change, of: input, for: workerType) }
        if survey.considered == 0 {
            return Problem(
                .warning,
                "no allowed pool has a price: its regions, zones and instance types are not offered now")
        }
        if !survey.held.isEmpty {
            let holds = Set(survey.held.values).sorted {
                ($0.until, $0.subject.name) < ($1.until, $1.subject.name)
            }
            let shown = holds.prefix(3).map { "\($0.subject.name) \($0.end) (\($0.code))" }
            let more = holds.count > shown.count ? ", and \(holds.count - shown.count) more" : ""
            return Problem(
                holds.allSatisfy { $0.code == Pause.code } ? .paused : .warning,
                "every affordable pool is held, \(survey.held.count) of \(survey.considered): "
                    + shown.joined(separator: ", ") + more)
        }
        let best = survey.cheapestRefused.map { pool in
            "; the best is \(book.entries[pool.entry].pool) at an effective price of \(pool.effectivePrice)"
        }
        let bounds = [
            survey.aboveMaxPrice > 0 ? "maxPrice \(workerType.definition.maxPrice)" : nil,
            survey.aboveMaxBid > 0 ? "the deployment's maxBid \(rules.maxBid)" : nil,
        ].compactMap(\.self).joined(separator: " or ")
        return Problem(.warning, "nothing affordable: every pool is above \(bounds)\(best ?? "")")
    }
}
