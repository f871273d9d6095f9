import Domain
import Formats
import FoundationEssentials
import Storage

extension ProvisioningIteration {
    /// Gives up the regions that are managed no more and could not be read for longer than max life: their instances have
    /// ended, or nothing can end them.
    ///
    /// - Parameters:
    ///   - open: the open launches; the lost ones are removed.
    ///   - mayGiveUp: whether the clock is known to be right.
    /// - Returns: the problems of all regions that are managed no more and could not be read.
    func giveUpRetiredRegions(
        _ snapshot: inout Snapshot, open: inout [Launch], mayGiveUp: Bool, now: Date
    ) throws -> [String] {
        var warnings: [String] = []
        for (region, failure) in snapshot.unreadRetiredRegions.sorted(by: { $0.key < $1.key }) {
            let lastRead = snapshot.stale.first { $0.region == region }?.fetchedAt
            let lastLaunch = open.lazy.filter { $0.pool.region == region }.map(\.createdAt).max()
            let since = [lastRead, lastLaunch].compactMap(\.self).max() ?? now
            guard mayGiveUp, now.timeIntervalSince(since) > deployment.rules.maxLife else {
                warnings.append(
                    "the region \(region) is managed no more, has open launches and cannot be read: \(failure). Allow its "
                        + "actions, or give it up with `aws-provisioner region forget \(region)`")
                continue
            }
            let lost = try database.launches.giveUp(region: region, now: now)
            open.removeAll { $0.pool.region == region }
            snapshot.stale.removeAll { $0.region == region }
            warnings.append(
                "the region \(region) is managed no more and was not read since \(since.timestamp): it is given up, and "
                    + "\(lost) launches are lost")
        }
        return warnings
    }
}
