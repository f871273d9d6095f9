import Algorithms

/// A bid that is not submitted, because it would exceed a limit over all worker types.
package struct BidOverLimit: Hashable, Sendable {
    package let bid: Bid
    package let limit: TotalLimits.Kind
    /// Whether the price of the bid is unknown, so that it might exceed every limit of spend.
    package let isUnpriced: Bool

    package var reason: String {
        isUnpriced
            ? "\(limit.setting) needs the on-demand price of \(bid.pool.instanceType) in \(bid.pool.region): "
                + "store it with on-demand-prices import"
            : "\(limit.setting) leaves no place"
    }

    /// The problems of the worker types with such bids, by name.
    static func problems(of bids: [BidOverLimit]) -> [String: [Problem]] {
        Dictionary(grouping: bids, by: \.bid.workerType).mapValues { ofType in
            let unpriced = ofType.filter(\.isUnpriced).map(\.reason).uniqued()
            let limits = Dictionary(grouping: ofType.filter { !$0.isUnpriced }, by: \.limit)
            let reached = TotalLimits.Kind.allCases.compactMap { kind in
                limits[kind].map { "\(kind.setting) leaves no place for \($0.count) of its bids" }
            }
            return (unpriced + reached).map { Problem(.warning, $0) }
        }
    }
}
