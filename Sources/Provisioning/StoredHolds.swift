import Domain
import FoundationEssentials
import Storage

/// The holds of one iteration, with every change stored as it happens.
struct StoredHolds {
    private let database: ProvisionerDatabase
    private var ledger: HoldLedger

    init(_ database: ProvisionerDatabase, rules: ProvisioningRules, now: Date) throws {
        self.database = database
        ledger = HoldLedger(try database.holds.all(), rules: rules, now: now)
    }

    /// The holds that have not ended.
    var active: Holds { ledger.active }

    /// Holds a subject after a failure.
    mutating func fail(_ subject: HoldSubject, _ failure: ServiceFailure) throws {
        try store([ledger.recordFailure(of: subject, failure)].compactMap(\.self))
    }

    /// Reduces the holds of subjects after a success.
    mutating func ease(_ subjects: [HoldSubject]) throws { try store(ledger.recordSuccess(of: subjects)) }

    /// Updates the holds from the results of bids.
    ///
    /// - Returns: whether a new subject is held.
    @discardableResult
    mutating func learn(from results: [BidResult], definitions: [String: Date]) throws -> Bool {
        let before = ledger.failures
        try store(ledger.learn(from: results, definitions: definitions))
        return ledger.failures > before
    }

    private func store(_ changes: [HoldLedger.Change]) throws {
        for change in changes {
            switch change {
            case .store(let hold): try database.holds.record(hold)
            case .clear(let subject): try database.holds.clear(subject)
            }
        }
    }
}
