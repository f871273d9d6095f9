package import FoundationEssentials

/// All decisions of one iteration, for all worker types: a pure function of its inputs.
package struct Plan: Sendable {
    /// One for each input, in the same order.
    package let decisions: [WorkerTypeDecision]
    /// Open requests whose capacity is no longer wanted.
    package let cancellations: [TerminationPlan.Cancellation]
    /// What the limits over all worker types leave for the bids.
    package let budget: LaunchBudget
    /// What the quotas of the account leave for the bids.
    package let quotas: QuotaBudget

    /// The inputs of the decisions, one for each worker type. The caller adds the launches of worker types that want capacity.
    ///
    /// - Parameters:
    ///   - pendingTasks: by worker type; missing where the Queue did not respond.
    ///   - claimedTasks: by worker type; missing where the Queue does not report them.
    ///   - demand: the demand of earlier iterations, by worker type.
    package static func inputs(
        _ workerTypes: [WorkerType], pendingTasks: [String: Int], claimedTasks: [String: Int],
        tally: FleetTally, demand: [String: DemandRecord], rules: ProvisioningRules, now: Date
    ) -> [WorkerTypeDecision.Input] {
        workerTypes.map { type in
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: pendingTasks[type.name], tally: tally[type.name],
                holdings: tally.holdings(of: type.name),
                schedule: rules.schedules[type.name]?.bounds(of: type.definition, at: now), launches: [],
                demand: rules.demandInput(
                    of: type.name, record: demand[type.name], claimedTasks: claimedTasks[type.name]))
        }
    }

    /// - Parameters:
    ///   - fleet: the instances and requests of all regions, at their last known state.
    ///   - launches: the reconciled launches, by id.
    ///   - gone: ids of resources that are terminated or terminating.
    ///   - readRegions: the regions that were read; requests are cancelled only there.
    ///   - use: what counts against the limits over all worker types.
    ///   - prices: for limits of spend; nil without one.
    ///   - quotas: what the quotas of the account leave. The holds of the market include theirs.
    package init(
        _ inputs: [WorkerTypeDecision.Input], market: WorkerTypeDecision.MarketView, fleet: Fleet,
        launches: [String: Launch] = [:], gone: Set<String>, readRegions: Set<String>,
        use: TotalUse = TotalUse(), prices: HourlyPrices? = nil, quotas: QuotaBudget = QuotaBudget(),
        rules: ProvisioningRules, now: Date
    ) {
        let budget = LaunchBudget(
            inputs, market: market, use: use, prices: prices, rules: rules, now: now)
        self.budget = budget
        self.quotas = quotas
        let mostBids = Self.mostBids(inputs, rules: rules)
        decisions = inputs.map { input in
            var input = input
            input.mostBids = mostBids
            input.allowance = budget.allowance(of: input.workerType.name)
            return WorkerTypeDecision(input, market: market, rules: rules, now: now)
        }
        cancellations = inputs.flatMap { input in
            // Workers that just checked in may have claimed their tasks: requests of other tasks stay.
            TerminationPlan.surplus(
                of: input.workerType, change: (input.change?.change ?? 0) + input.tally.claiming,
                fleet: fleet, launches: launches,
                gone: gone
            ).filter { readRegions.contains($0.request.region) }
        }
    }

    /// Bids of all decisions, for each submission of a region. It bounds the memory of an iteration, and is above what the
    /// managed regions take in one iteration.
    private static let bidsPerSubmission = 100

    /// The maximum number of bids of one decision: the highest at which all decisions keep the limit of their sum.
    private static func mostBids(_ inputs: [WorkerTypeDecision.Input], rules: ProvisioningRules) -> Int {
        var left = bidsPerSubmission * rules.submissionsPerRegion
        let wanted = inputs.map { $0.change?.change ?? 0 }.filter { $0 > 0 }.sorted()
        for (index, amount) in wanted.enumerated() {
            let share = left / (wanted.count - index)
            if amount > share { return max(1, share) }
            left -= amount
        }
        return .max
    }

    /// The demand for the decisions of the next iteration, of the worker types that need a record of it.
    ///
    /// - Parameter results: the results of all bids.
    package func demandRecords(after results: [BidResult]) -> [String: DemandRecord] {
        let launched = results.filter(\.counts).reduce(into: [String: Int]()) {
            $0[$1.bid.workerType, default: 0] += $1.bid.capacity
        }
        return Dictionary(
            decisions.compactMap { decision in
                let name = decision.workerType
                return decision.demandRecord(launched: launched[name] ?? 0).map { (name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// All bids, in the order of the decisions.
    package var bids: [Bid] { decisions.flatMap(\.bids) }
}
