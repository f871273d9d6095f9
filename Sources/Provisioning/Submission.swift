import Domain
import Formats
import FoundationEssentials

/// Submits the bids of a plan to EC2, all regions at once, in rounds.
struct Submission {
    let submitter: LaunchSubmitter
    let launchesAtOnce: Int
    let iteration: Int64
    /// By name.
    let workerTypes: [String: WorkerType]
    let prices: [SpotPrice]
    /// Returns the given number of random bytes.
    let random: @Sendable (Int) throws -> [UInt8]

    /// Submits all rounds.
    ///
    /// - Parameters:
    ///   - market: the market of the first bids.
    ///   - holds: updated from the results.
    func submit(
        _ rounds: inout SubmissionRounds, market: WorkerTypeDecision.MarketView,
        holds: inout StoredHolds
    ) async throws {
        var market = market
        let definitions = workerTypes.mapValues(\.lastModified)
        var isStopped = false
        while !isStopped, let regions = rounds.begin() {
            let results = try await submit(regions)
            if try holds.learn(from: results, definitions: definitions) {
                market.holds = holds.active
                market.book = PriceBook(prices, zones: market.zones, holds: market.holds)
            }
            isStopped = Task.isCancelled
            rounds.end(results, market: market)
        }
    }

    private func submit(_ regions: [(region: String, bids: [Bid])]) async throws -> [BidResult] {
        let submission = RegionSubmission(
            submitter: submitter, launchesAtOnce: launchesAtOnce, iteration: iteration,
            workerTypes: workerTypes)
        // The fixed order of random numbers makes a simulation repeatable.
        let identified = try regions.map { _, bids in
            try bids.map { (bid: $0, identity: try LaunchIdentity(random: random)) }
        }
        return await withTaskGroup(of: [BidResult].self) { group in
            for bids in identified { group.addTask { await submission.submit(bids) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }
}
