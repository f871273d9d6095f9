import Formats
package import FoundationEssentials

/// The launches of several worker types stopped checking in at once, although their definitions worked before: the API
/// is not reachable for them, and no worker type is at fault.
package struct CheckInOutage: Hashable, Sendable {
    /// The last check-in of any worker type.
    package let since: Date
    /// The launches that failed to check in since then.
    package let failures: Int
    /// The worker types of these launches.
    package let workerTypes: Int

    /// Creates nil when the workers of some worker type check in.
    ///
    /// - Parameters:
    ///   - records: worker types with their latest launches.
    ///   - lastCheckIn: of any launch in the database.
    package init?(
        _ records: some Sequence<(type: WorkerType, launches: [Launch])>, lastCheckIn: Date?, now: Date,
        rules: ProvisioningRules
    ) {
        guard let lastCheckIn else { return nil }
        var (failures, types) = (0, 0)
        for (type, launches) in records {
            let fingerprint = type.definition.fingerprint
            let own = launches.filter { $0.isOf(type, fingerprint: fingerprint) }
            let failed = own.count {
                $0.createdAt > lastCheckIn && $0.bootOutcome(now: now, rules: rules) == .failed
            }
            guard failed > 0, own.contains(where: { $0.checkedInAt != nil }) else { continue }
            failures += failed
            types += 1
        }
        guard types > 1, failures >= rules.bootFailureLimit else { return nil }
        since = lastCheckIn
        self.failures = failures
        workerTypes = types
    }

    /// - Parameter baseUrl: the URL of the API in the user data of instances.
    package func problem(baseUrl: String) -> String {
        "no worker has checked in since \(since.timestamp): \(failures) launches of \(workerTypes) worker types did not "
            + "reach the API at \(baseUrl); check the web server and baseUrl. No worker type is held for it"
    }
}
