/// In which order bids are submitted, so that no worker type makes the others wait, and how many a region may still
/// be sent in one iteration.
package struct SubmissionOrder: Sendable {
    private let limit: Int
    private var sent: [String: Int] = [:]

    /// - Parameter limit: submissions in one region in one iteration.
    package init(perRegion limit: Int) { self.limit = limit }

    /// The regions that may be sent nothing more in this iteration.
    package var fullRegions: Set<String> { Set(sent.filter { $0.value >= limit }.keys) }

    /// Bids that were taken and not sent after all leave their places to others.
    package mutating func giveBack(_ bids: [Bid]) {
        for bid in bids { sent[bid.pool.region, default: 0] -= 1 }
    }

    /// For each region, by name, the bids in turn by worker type name (A B C D B C D C D D), as many as it may still be
    /// sent; they count as sent.
    ///
    /// - Returns: those bids, and those that are more than their region may be sent.
    package mutating func take(_ bids: [Bid]) -> (
        regions: [(region: String, bids: [Bid])], waiting: [Bid]
    ) {
        var regions: [(region: String, bids: [Bid])] = []
        var waiting: [Bid] = []
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
            waiting += ordered.dropFirst(left)
        }
        return (regions, waiting)
    }
}
