package import Domain
package import FoundationEssentials
package import Storage

/// Pending terminations, interruptions of spot instances by pool, and notices of EC2.
package struct TerminationOverview: Sendable {
    /// The interruptions of a pool's spot instances.
    package struct PoolInterruptions: Sendable {
        package let pool: Pool
        package let rate: InterruptionRate
    }

    /// Days that the rates are counted over: as long as launches are kept.
    package static let days = Int(Retention.launches / 86_400)

    /// Terminations that EC2 does not show yet.
    package let pending: [TerminationRecord]
    /// Pools that had spot instances, the worst first.
    package let rates: [PoolInterruptions]
    /// Of the last day, about instances of ours, newest first.
    package let notices: [AttributedNotice]

    /// Reads the overview from one state of the database.
    ///
    /// - Parameter workerType: the only worker type whose terminations and notices to show; nil for all. Rates count the
    ///   instances of all worker types in a pool.
    package init(_ database: ProvisionerDatabase, workerType: String? = nil, now: Date) throws {
        self = try database.snapshot {
            try Self(reading: database, workerType: workerType, now: now)
        }
    }

    private init(reading database: ProvisionerDatabase, workerType: String?, now: Date) throws {
        pending = try database.terminations.pending().filter {
            workerType == nil || $0.workerType == workerType
        }
        rates = try database.interruptions.rates(
            since: now.addingTimeInterval(-Retention.launches), now: now
        ).map { PoolInterruptions(pool: $0, rate: $1) }.sorted {
            ($1.rate.per100Hours, $0.pool) < ($0.rate.per100Hours, $1.pool)
        }
        notices = try database.notices.attributed(since: now.addingTimeInterval(-86_400)).filter {
            workerType == nil || $0.workerType == workerType
        }
    }

    /// The pools that had interruptions, the worst first.
    package var interrupted: [PoolInterruptions] { rates.filter { $0.rate.interruptions > 0 } }

    /// Hours that spot instances existed, those of all pools together.
    package var instanceHours: Double { rates.reduce(0) { $0 + $1.rate.instanceHours } }

    /// How many notices there were, by kind.
    package var noticeCounts: String {
        func count(_ kind: InterruptionNotice.Kind) -> Int { notices.count { $0.notice.kind == kind } }
        return "\(count(.interruption)) interruptions, \(count(.rebalance)) recommendations to rebalance, "
            + "\(count(.ended)) ends"
    }
}
