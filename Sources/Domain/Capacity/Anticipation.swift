/// The capacity that is bought in advance while demand is uncovered: the demand that the next intervals are expected to
/// bring, at most as much as the uncovered demand.
package struct Anticipation: Hashable, Codable, Sendable {
    /// The number of intervals.
    package let intervals: Double
    /// The demand of earlier iterations and of this one, before its launches.
    package let demand: DemandRecord
    /// The additional capacity; zero without uncovered demand.
    package let capacity: Int

    /// Returns nil where the worker type buys nothing in advance.
    ///
    /// - Parameter uncovered: the uncovered demand of this iteration, at least zero.
    init?(_ input: DemandInput, uncovered: Int) {
        guard input.anticipation > 0 else { return nil }
        intervals = input.anticipation
        demand = input.record.adding(uncovered)
        let expected = (intervals * demand.share * demand.average).rounded()
        capacity = Int(min(max(0, expected), Double(uncovered)))
    }
}
