import Domain
import FoundationEssentials
import Storage

/// The holds of one iteration, with every change stored as it happens.
struct StoredHolds {
    private let database: ProvisionerDatabase
    private var ledger: HoldLedger

    init(_ database: ProvisionerDatabase, rules: ProvisioningRules, now: Date) throws {
        self.database = database
        ledger = HoldLedger(
            try database.holds.all(), pauses: try database.pauses.all(), rules: rules, now: now)
    }

    /// The holds that have not ended, and the pauses in force.
    var active: Holds { ledger.active }

    /// Holds the subject of a failure.
    mutating func fail(_ target: LaunchTarget, _ failure: ServiceFailure) throws {
        try store(ledger.recordFailure(of: target, failure, definition: nil))
    }

    /// Ends the holds that a launch disproves.
    mutating func ease(_ target: LaunchTarget) throws { try store(ledger.recordLaunch(of: target)) }

    /// Updates the holds from the results of bids.
    ///
    /// - Returns: whether a new subject is held.
    @discardableResult
    mutating func learn(from results: [BidResult], workerTypes: [String: WorkerType]) throws -> Bool {
        let before = ledger.failures
        try store(ledger.learn(from: results, workerTypes: workerTypes))
        return ledger.failures > before
    }

    private func store(_ holds: [Hold]) throws {
        for hold in holds { try database.holds.record(hold) }
    }
}
