import Domain
import Storage

extension IterationRecord {
    /// The capacity that the iteration bought after it counted the capacity, by worker type.
    var boughtCapacity: [String: Int] {
        guard !dryRun, let bids = summary?.bids else { return [:] }
        return bids.filter { $0.outcome == .launched && $0.isRepeat != true }.reduce(into: [:]) {
            bought, item in
            bought[item.bid.workerType, default: 0] += item.bid.capacity
        }
    }
}

extension CapacityTally {
    /// The tally with bought capacity, which is requested until EC2 shows it.
    func adding(bought capacity: Int) -> CapacityTally {
        CapacityTally(
            running: running, booting: booting, requested: requested + capacity, unsettled: unsettled)
    }
}
