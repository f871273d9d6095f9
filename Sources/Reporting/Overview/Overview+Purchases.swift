package import Domain
import Storage

extension Overview {
    /// The capacity that the last iteration bought after it counted the capacity, by worker type.
    package var boughtCapacity: [String: Int] {
        guard let last = lastFinished, !last.dryRun, let bids = last.summary?.bids else { return [:] }
        return bids.filter { $0.outcome == .launched }.reduce(into: [:]) { bought, item in
            bought[item.bid.workerType, default: 0] += item.bid.capacity
        }
    }
}

extension Overview.Line {
    /// The counted capacity and the bought capacity, which is requested until EC2 shows it.
    ///
    /// - Parameter bought: `Overview.boughtCapacity`.
    package func tally(withBought bought: [String: Int]) -> CapacityTally? {
        decision.map { decision in
            CapacityTally(
                running: decision.tally.running, booting: decision.tally.booting,
                requested: decision.tally.requested + (bought[type.name] ?? 0),
                unsettled: decision.tally.unsettled)
        }
    }
}
