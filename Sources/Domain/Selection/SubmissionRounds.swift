import Algorithms

/// The rounds in which the bids of one iteration are submitted: after each round, bids in other pools replace the
/// bids that were refused or above the limit of their region. The iteration and the replay share it, and differ in the
/// submission of a bid.
package struct SubmissionRounds: Sendable {
    private let workerTypes: [String: WorkerType]
    private let decisions: [String: WorkerTypeDecision]
    private let rules: ProvisioningRules
    private var order: SubmissionOrder
    /// What the limits over all worker types leave.
    package private(set) var budget: LaunchBudget
    /// What the quotas of the account leave.
    package private(set) var quotas: QuotaBudget
    private var round = 0
    /// The bids of the next round.
    private var bids: [Bid]
    /// The bids of the current round above the limit of their region.
    private var excess: [Bid] = []
    /// The bids of the current round that would exceed a limit over all worker types.
    private var overLimits: [BidOverLimit] = []
    /// The bids of the current round that do not fit into a quota of the account.
    private var overQuotas: [Bid] = []

    package private(set) var results: [BidResult] = []
    /// The bids of all rounds but the first.
    package private(set) var reselected: [Bid] = []
    /// Why fewer bids are submitted than the decision has, or none, by worker type.
    package private(set) var problems: [String: [Problem]] = [:]

    /// - Parameter workerTypes: by name.
    package init(_ plan: Plan, workerTypes: [String: WorkerType], rules: ProvisioningRules) {
        self.workerTypes = workerTypes
        decisions = plan.decisions.keyed(by: \.workerType)
        self.rules = rules
        order = SubmissionOrder(perRegion: rules.submissionsPerRegion)
        budget = plan.budget
        quotas = plan.quotas
        bids = plan.bids
    }

    /// Begins the next round.
    ///
    /// - Returns: the bids to submit, by region, in their order; nil when no round is left.
    package mutating func begin() -> [(region: String, bids: [Bid])]? {
        guard !bids.isEmpty else { return nil }
        if round > 0 { reselected += bids }
        let (affordable, overLimits) = budget.take(bids)
        let (within, overQuotas) = quotas.take(affordable)
        let (regions, excess) = order.take(within)
        budget.release(overQuotas + excess)
        quotas.release(excess)
        bids = []
        self.excess = excess
        self.overLimits = overLimits
        self.overQuotas = overQuotas
        return regions
    }

    /// Whether bids of the current round did not fit into a quota, so that the market needs the holds of `quotas`.
    package var exceedsQuotas: Bool { !overQuotas.isEmpty }

    /// Ends the round and reselects for the next one.
    ///
    /// - Parameters:
    ///   - outcome: the results of all bids of the round.
    ///   - market: with the holds that follow from the results, and those of `quotas`.
    package mutating func end(_ outcome: [BidResult], market: WorkerTypeDecision.MarketView) {
        order.release(outcome.filter { $0.outcome == .skipped }.map(\.bid))
        let refused = outcome.filter { !$0.counts }.map(\.bid)
        budget.release(refused)
        quotas.release(refused)
        let outcome =
            outcome + excess.map { BidResult($0, regionLimit: rules.submissionsPerRegion) }
            + overLimits.map { BidResult($0) } + overQuotas.map { BidResult($0, refusedBy: quotas) }
        results += outcome
        problems.merge(BidOverLimit.problems(of: overLimits)) { $0 + $1 }
        round += 1
        if round <= rules.reselections { bids = reselect(outcome, market: market) }
    }

    private mutating func reselect(
        _ outcome: [BidResult], market: WorkerTypeDecision.MarketView
    ) -> [Bid] {
        var bids: [Bid] = []
        let byType = Dictionary(grouping: outcome, by: \.bid.workerType).sorted { $0.key < $1.key }
        for (name, ofType) in byType {
            let missing = ofType.filter(\.mayReselect).reduce(0) { $0 + $1.bid.capacity }
            let waiting = ofType.filter(\.exceedsRegionLimit).map(\.bid)
            guard missing > 0 || !waiting.isEmpty, let type = workerTypes[name],
                let decision = decisions[name]
            else { continue }
            let selection = decision.reselect(
                for: type, missing: missing, waiting: waiting,
                underWay: results.filter { $0.counts && $0.bid.workerType == name }.map(\.bid),
                fullRegions: order.fullRegions, isLast: round == rules.reselections, market: market,
                rules: rules)
            bids += selection.bids
            if !selection.problems.isEmpty { problems[name, default: []] += selection.problems }
        }
        return bids
    }
}
