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
            let ordered = Self.inTurn(ofRegion)
            let left = max(0, limit - sent[region, default: 0])
            sent[region, default: 0] += min(left, ordered.count)
            regions.append((region, Array(ordered.prefix(left))))
            excess += ordered.dropFirst(left)
        }
        return (regions, excess)
    }

    /// The bids of one worker type, spread over its pools: each pool has the same share of any first part of the result as
    /// of all bids, up to one instance. The first pool stays first.
    private static func alternating(_ bids: [Bid]) -> [Bid] {
        let pools = bids.map(\.pool).uniqued()
        let count = Dictionary(grouping: bids, by: \.pool).mapValues(\.count)
        let rank = Dictionary(uniqueKeysWithValues: pools.enumerated().map { ($1, $0) })
        var taken: [Pool: Int] = [:]
        // The place of the n-th of m bids of a pool in the whole is (n + 1/2) / m.
        let places = bids.enumerated().map { index, bid in
            let number = taken[bid.pool, default: 0]
            taken[bid.pool] = number + 1
            let place = (Double(number) + 0.5) / Double(count[bid.pool] ?? 1)
            return (place: place, rank: rank[bid.pool] ?? 0, index: index)
        }
        return places.sorted { ($0.place, $0.rank, $0.index) < ($1.place, $1.rank, $1.index) }.map {
            bids[$0.index]
        }
    }

    /// The bids of all worker types, one of each in turn by worker type name (A B C D B C D C D D). The bids of a worker type
    /// alternate between its pools, so that no pool takes more than its share of any first part of the result.
    static func inTurn(_ bids: [Bid]) -> [Bid] {
        let queues = Dictionary(grouping: bids, by: \.workerType).sorted { $0.key < $1.key }.map {
            alternating($0.value)
        }
        var ordered: [Bid] = []
        for round in 0..<(queues.map(\.count).max() ?? 0) {
            for queue in queues where round < queue.count { ordered.append(queue[round]) }
        }
        return ordered
    }
}
