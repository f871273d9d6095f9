import Domain
import FoundationEssentials

/// Submits a plan's bids in every region at once, and chooses again for what EC2 had not to give.
struct Submission {
    private let iteration: ProvisioningIteration
    private let id: Int64
    private let workerTypes: [String: WorkerType]
    private let decisions: [String: WorkerTypeDecision]
    private var market: WorkerTypeDecision.MarketView
    private let prices: [SpotPrice]
    private var backOffs: BackOffLedger
    private var used: [String: Int] = [:]

    private(set) var results: [BidResult] = []
    /// What choosing again had to say, by worker type.
    private(set) var problems: [String: [String]] = [:]

    init(
        _ iteration: ProvisioningIteration, id: Int64, workerTypes: [WorkerType],
        decisions: [WorkerTypeDecision], market: WorkerTypeDecision.MarketView, prices: [SpotPrice],
        backOffs: BackOffLedger
    ) {
        self.iteration = iteration
        self.id = id
        self.workerTypes = Dictionary(
            workerTypes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.decisions = Dictionary(
            decisions.map { ($0.workerType, $0) }, uniquingKeysWith: { first, _ in first })
        self.market = market
        self.prices = prices
        self.backOffs = backOffs
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
        }
    }

    private mutating func submitRound(_ bids: [Bid]) async throws -> [BidResult] {
        let limit = iteration.deployment.rules.submissionsPerRegion
        let submission = RegionSubmission(iteration: iteration, id: id, workerTypes: workerTypes)
        let full = ServiceFailure(
            kind: .throttled, code: "region-share",
            message: "\(limit) submissions a region an iteration: the next iteration decides again")
        var outcome: [BidResult] = []
        var ordered: [[(bid: Bid, identity: LaunchIdentity)]] = []
        let inTurn = SubmissionOrder.roundRobin(bids, perRegion: .max).regions
        // Random numbers are drawn in a fixed order, so that a simulation can be repeated.
        for (region, bids) in inTurn.sorted(by: { $0.key < $1.key }) {
            let left = max(0, limit - used[region, default: 0])
            ordered.append(try bids.prefix(left).map { ($0, try LaunchIdentity(random: iteration.random)) })
            used[region, default: 0] += min(left, bids.count)
            outcome += bids.dropFirst(left).map { BidResult($0, .skipped, failure: full) }
        }
        outcome += await withTaskGroup(of: [BidResult].self) { group in
            for bids in ordered { group.addTask { await submission.submit(bids) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        return outcome
    }

    /// Bids for the capacity that could not be had where it was sought.
    private mutating func choosingAgain(for outcome: [BidResult], isLast: Bool) -> [Bid] {
        let missing = Dictionary(
            grouping: outcome.filter(\.mayChooseAgain), by: \.bid.workerType
        ).mapValues { $0.reduce(0) { $0 + $1.bid.capacity } }
        var bids: [Bid] = []
        for (name, capacity) in missing.sorted(by: { $0.key < $1.key }) {
            guard let type = workerTypes[name], let decision = decisions[name],
                !outcome.contains(where: { $0.bid.workerType == name && $0.failure?.kind == .definition })
            else { continue }
            let again = decision.choosingAgain(
                for: type, missing: capacity,
                underWay: results.filter { $0.counts && $0.bid.workerType == name }.map(\.bid),
                isLast: isLast, market: market, rules: iteration.deployment.rules)
            bids += again.bids
            if !again.problems.isEmpty { problems[name] = again.problems }
        }
        return bids
    }
}
