import Algorithms

/// The order in which bids are submitted, fair to all worker types, and the submissions that each region has left in one
/// iteration.
package struct SubmissionOrder: Sendable {
    private let limit: Int
    private var sent: [String: Int] = [:]

    /// - Parameter limit: submissions in one region in one iteration.
    package init(perRegion limit: Int) { self.limit = limit }

    /// The regions that have no submissions left in this iteration.
    package var fullRegions: Set<String> { Set(sent.filter { $0.value >= limit }.keys) }

    /// Returns the submissions of bids that were taken and not submitted.
    package mutating func release(_ bids: [Bid]) {
        for bid in bids { sent[bid.pool.region, default: 0] -= 1 }
    }

    /// Takes the bids that their regions have submissions left for, in turn.
    ///
    /// - Returns: the bids to submit by region name, and the bids above the limit of their region.
    package mutating func take(_ bids: [Bid]) -> (
        regions: [(region: String, bids: [Bid])], excess: [Bid]
    ) {
        var regions: [(region: String, bids: [Bid])] = []
        var excess: [Bid] = []
        let byRegion = Dictionary(grouping: bids, by: \.pool.region)
        for (region, ofRegion) in byRegion.sorted(by: { $0.key < $1.key }) {
            let ordered = Self.turns(ofRegion).map { ofRegion[$0] }
            let left = max(0, limit - sent[region, default: 0])
            sent[region, default: 0] += min(left, ordered.count)
            regions.append((region, Array(ordered.prefix(left))))
            excess += ordered.dropFirst(left)
        }
        return (regions, excess)
    }

    /// The bids of one worker type, spread over its pools: each pool has the same share of any first part of the result as
    /// of all bids, up to one instance. The first pool stays first.
    ///
    /// - Parameter indices: those of the bids of the worker type.
    private static func alternating(_ indices: [Int], _ bids: [Bid]) -> [Int] {
        let pools = indices.lazy.map { bids[$0].pool }.uniqued()
        let count = Dictionary(grouping: indices, by: { bids[$0].pool }).mapValues(\.count)
        let rank = Dictionary(uniqueKeysWithValues: pools.enumerated().map { ($1, $0) })
        var taken: [Pool: Int] = [:]
        // The place of the n-th of m bids of a pool in the whole is (n + 1/2) / m.
        let places = indices.map { index in
            let pool = bids[index].pool
            let number = taken[pool, default: 0]
            taken[pool] = number + 1
            return (
                place: (Double(number) + 0.5) / Double(count[pool] ?? 1), rank: rank[pool] ?? 0, index: index
            )
        }
        return places.sorted { ($0.place, $0.rank, $0.index) < ($1.place, $1.rank, $1.index) }.map(\.index)
    }

    /// The indices of the bids in turn by worker type name (A B C D B C D C D D). The bids of a worker type alternate between
    /// its pools, so that no pool takes more than its share of any first part of the result.
    static func turns(_ bids: [Bid]) -> [Int] {
        let queues = Dictionary(grouping: bids.indices, by: { bids[$0].workerType })
            .sorted { $0.key < $1.key }.map { alternating($0.value, bids) }
        var ordered: [Int] = []
        for round in 0..<(queues.map(\.count).max() ?? 0) {
            for queue in queues where round < queue.count { ordered.append(queue[round]) }
        }
        return ordered
    }
}
