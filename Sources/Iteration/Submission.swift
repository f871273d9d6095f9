import Domain
import FoundationEssentials

/// Submits a plan's bids in every region at once, and chooses again for what EC2 had not to give.
struct Submission {
    private let iteration: ProvisioningIteration
    private let submitter: LaunchSubmitter
    private let id: Int64
    private let workerTypes: [String: WorkerType]
    private let decisions: [String: WorkerTypeDecision]
    private var market: WorkerTypeDecision.MarketView
    private let prices: [SpotPrice]
    private var backOffs: BackOffLedger
    private var order: SubmissionOrder

    private(set) var results: [BidResult] = []
    /// The bids of reselections.
    private(set) var reselected: [Bid] = []
    /// The problems of reselections, by worker type.
    private(set) var problems: [String: [Problem]] = [:]

    init(
        _ iteration: ProvisioningIteration, submitter: LaunchSubmitter, id: Int64,
        workerTypes: [String: WorkerType],
        decisions: [WorkerTypeDecision], market: WorkerTypeDecision.MarketView, prices: [SpotPrice],
        backOffs: BackOffLedger
    ) {
        self.iteration = iteration
        self.submitter = submitter
        self.id = id
        self.workerTypes = workerTypes
        self.decisions = Dictionary(
            decisions.map { ($0.workerType, $0) }, uniquingKeysWith: { first, _ in first })
        self.market = market
        self.prices = prices
        self.backOffs = backOffs
        order = SubmissionOrder(perRegion: iteration.deployment.rules.submissionsPerRegion)
    }

    /// Submits, backs off, chooses again; a bounded number of times.
    mutating func carryOut(_ bids: [Bid]) async throws {
        var bids = bids
        let last = iteration.deployment.rules.reselections
        for round in 0...last where !bids.isEmpty {
            let outcome = try await submitRound(bids)
            results += outcome
            if try backOffs.learn(from: outcome, definitions: workerTypes.mapValues(\.lastModified)) {
                market.backOffs = backOffs.inForce
                market.book = PriceBook(prices, zones: market.zones, backOffs: market.backOffs)
            }
            guard round < last, !Task.isCancelled else { return }
            bids = choosingAgain(for: outcome, isLast: round + 1 == last)
            reselected += bids
        }
    }

    private mutating func submitRound(_ bids: [Bid]) async throws -> [BidResult] {
        let submission = RegionSubmission(
            submitter: submitter, launchesAtOnce: iteration.launchesAtOnce, iteration: id,
            workerTypes: workerTypes)
        let (regions, waiting) = order.take(bids)
        // Random numbers are drawn in a fixed order, so that a simulation can be repeated.
        let ordered = try regions.map { _, bids in
            try bids.map { (bid: $0, identity: try LaunchIdentity(random: iteration.random)) }
        }
        let outcome = await withTaskGroup(of: [BidResult].self) { group in
            for bids in ordered { group.addTask { await submission.submit(bids) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        order.giveBack(outcome.filter { $0.outcome == .skipped }.map(\.bid))
        let limit = iteration.deployment.rules.submissionsPerRegion
        return outcome + waiting.map { BidResult($0, regionIsFullAfter: limit) }
    }

    /// Bids for the capacity that could not be had where it was sought.
    private mutating func choosingAgain(for outcome: [BidResult], isLast: Bool) -> [Bid] {
        let rules = iteration.deployment.rules
        var bids: [Bid] = []
        for (name, ofType) in Dictionary(grouping: outcome, by: \.bid.workerType).sorted(by: {
            $0.key < $1.key
        }) {
            let missing = ofType.filter(\.mayReselect).reduce(0) { $0 + $1.bid.capacity }
            let waiting = ofType.filter(\.isMoreThanItsShare).map(\.bid)
            guard missing > 0 || !waiting.isEmpty, let type = workerTypes[name],
                let decision = decisions[name],
                !ofType.contains(where: { $0.failure?.isOfWorkerType ?? false })
            else { continue }
            let again = decision.choosingAgain(
                for: type, missing: missing, waiting: waiting,
                underWay: results.filter { $0.counts && $0.bid.workerType == name }.map(\.bid),
                fullRegions: order.fullRegions, isLast: isLast, market: market, rules: rules)
            bids += again.bids
            if !again.problems.isEmpty { problems[name] = again.problems }
        }
        return bids
    }
}
