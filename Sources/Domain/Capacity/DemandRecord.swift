import Glibc

/// The demand of a worker type in its earlier iterations, which the next decision takes into account.
package struct DemandRecord: Hashable, Codable, Sendable {
    /// The moving average of 1 for an iteration with new demand and 0 for another: about the share of iterations with
    /// new demand, over the last 200.
    package var share: Double
    /// The moving average of the new demand of an iteration, over the last 2 or 3. Units of capacity.
    package var average: Double
    /// The demand of the last iteration that it did not buy, for example because EC2 refused the launches.
    package var unmet: Int
    /// The pending tasks that idle workers were expected to take after the last iteration.
    package var unclaimed: Int

    /// The weights of an iteration in the moving averages.
    package static let shareWeight = 0.005
    package static let averageWeight = 0.4

    package init(share: Double = 0, average: Double = 0, unmet: Int = 0, unclaimed: Int = 0) {
        self.share = share
        self.average = average
        self.unmet = unmet
        self.unclaimed = unclaimed
    }

    /// The record with one more iteration, before its launches.
    ///
    /// New demand is the uncovered demand above what the iteration before did not buy. So the same demand counts once,
    /// however long it cannot be bought.
    ///
    /// - Parameter demand: the uncovered demand.
    package func adding(_ demand: Int) -> DemandRecord {
        let new = max(0, demand - unmet)
        return DemandRecord(
            share: share + Self.shareWeight * ((new > 0 ? 1 : 0) - share),
            average: average + Self.averageWeight * (Double(new) - average), unmet: demand)
    }

    /// Whether the record is what `after(quietIterations:)` returns for one iteration.
    package func isQuiet(since previous: DemandRecord) -> Bool {
        previous.unmet == 0 && previous.unclaimed == 0 && self == previous.adding(0)
    }

    /// The record after a number of iterations without demand.
    package func after(quietIterations count: Int64) -> DemandRecord {
        guard count > 0 else { return self }
        return DemandRecord(
            share: share * pow(1 - Self.shareWeight, Double(count)),
            average: average * pow(1 - Self.averageWeight, Double(count)), unmet: unmet, unclaimed: unclaimed)
    }

    /// The record after the launches of its iteration.
    ///
    /// - Parameter capacity: the launched capacity.
    package func met(by capacity: Int) -> DemandRecord {
        DemandRecord(
            share: share, average: average, unmet: max(0, unmet - capacity), unclaimed: unclaimed)
    }
}
