/// In which order bids are submitted, so that no worker type makes the others wait.
public enum SubmissionOrder {
    /// For each region the bids in turn by worker type name (A B C D B C D C D D), cut to a number of submissions.
    ///
    /// - Returns: the bids in order for each region, and those that have to wait for the next iteration.
    public static func roundRobin(_ bids: [Bid], perRegion limit: Int) -> (
        regions: [String: [Bid]], waiting: [Bid]
    ) {
        var regions: [String: [Bid]] = [:]
        var waiting: [Bid] = []
        for (region, ofRegion) in Dictionary(grouping: bids, by: \.pool.region) {
            let queues = Dictionary(grouping: ofRegion, by: \.workerType).sorted { $0.key < $1.key }.map(
                \.value)
            var ordered: [Bid] = []
            var round = 0
            while ordered.count < ofRegion.count {
                for queue in queues where round < queue.count { ordered.append(queue[round]) }
                round += 1
            }
            regions[region] = Array(ordered.prefix(limit))
            waiting += ordered.dropFirst(limit)
        }
        return (regions, waiting)
    }
}
