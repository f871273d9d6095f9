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

    /// Takes the bids that their regions have submissions left for, in turn by worker type name (A B C D B C D C D D).
    ///
    /// - Returns: the bids to submit by region name, and the bids above the limit of their region.
    package mutating func take(_ bids: [Bid]) -> (
        regions: [(region: String, bids: [Bid])], excess: [Bid]
    ) {
        var regions: [(region: String, bids: [Bid])] = []
        var excess: [Bid] = []
        let byRegion = Dictionary(grouping: bids, by: \.pool.region)
        for (region, ofRegion) in byRegion.sorted(by: { $0.key < $1.key }) {
            let queues = Dictionary(grouping: ofRegion, by: \.workerType).sorted { $0.key < $1.key }.map(
                \.value)
            var ordered: [Bid] = []
            var round = 0
            while ordered.count < ofRegion.count {
                for queue in queues where round < queue.count { ordered.append(queue[round]) }
                round += 1
            }
            let left = max(0, limit - sent[region, default: 0])
            sent[region, default: 0] += min(left, ordered.count)
            regions.append((region, Array(ordered.prefix(left))))
            excess += ordered.dropFirst(left)
        }
        return (regions, excess)
    }
}
