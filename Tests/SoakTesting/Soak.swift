import Cryptography
import Domain
import Formats
import FoundationEssentials
import Glibc
import Logging
import Provisioning
import Simulation
import Storage
import Synchronization
import TestSupport

/// Days of iterations, one a minute, against a simulated cloud with faults, with the database in a file that each
/// iteration opens anew. A reference provisioner serves the same load in a second cloud with the same faults.
package struct Soak: Sendable {
    package var minutes: Int
    package var workerTypes: Int
    package var seed: UInt64

    package init(minutes: Int, workerTypes: Int, seed: UInt64) {
        self.minutes = minutes
        self.workerTypes = workerTypes
        self.seed = seed
    }

    private static let deployment = Deployment(
        ownership: Ownership(provisionerId: "soak", keyPrefix: "soak:"),
        regions: SoakFleet.zones.keys.sorted(),
        baseUrl: "https://provisioner.test/v1", rootUrl: "https://taskcluster.test")

    /// The first minutes, in which the fleets grow from nothing, are not compared with the reference.
    private static let warmUp = 60

    /// Runs the soak.
    ///
    /// - Parameters:
    ///   - folder: for the database.
    ///   - progress: receives a line each hour of simulated time.
    package func run(in folder: String, progress: (String) -> Void = { _ in }) async throws -> SoakReport {
        let fleet = SoakFleet(workerTypes: workerTypes, seed: seed)
        let faults = SoakFaults(seed: seed, start: .start)
        let (path, key) = (folder + "/soak.sqlite", try EncryptionKey())
        let api = try ProvisionerDatabase(path: path, key: key, create: true)
        for member in fleet.members {
            _ = try api.workerTypes.create(member.name, member.definition, by: .program, now: .start)
        }
        let cloud = SoakCloud(fleet, faults: faults, seed: seed, minutes: minutes) { token, now in
            // The API runs on the machine whose clock steps.
            let now = now.addingTimeInterval(faults.clockOffset(at: now))
            return try api.secrets.take(token: token, now: now) != nil
        }
        let other = SoakCloud(fleet, faults: faults, seed: seed, minutes: minutes) { _, _ in true }
        var reference = ReferenceProvisioner(other, members: fleet.members)
        try cloud.launchForeign(3, ownership: Self.deployment.ownership)
        var invariants = SoakInvariants(cloud, members: fleet.members)

        var report = SoakReport()
        let random = Mutex(SeededRandom(seed: seed &+ 2))
        var supplies = SupplyComparison(fleet, cloud, reference: other)
        var sizeInTheMiddle: Int64 = 0
        let began = ContinuousClock.now
        var spent = Duration.zero
        for minute in 0..<minutes {
            let now = Date.start.plus(minutes: Double(minute))
            try cloud.advance(to: now)
            try other.advance(to: now)
            if minute == Self.warmUp { supplies.restart() }
            reference.provision()

            let iterationBegan = ContinuousClock.now
            let database = try ProvisionerDatabase(path: path, key: key)
            let size = try database.size()
            let machineTime = now.addingTimeInterval(faults.clockOffset(at: now))
            let iteration = try await ProvisioningIteration(
                database: database, deployment: Self.deployment, ec2: cloud, queue: cloud,
                deadline: .distantFuture, launchesAtOnce: 1, clock: { machineTime },
                random: { count in random.withLock { $0.bytes(count) } },
                log: Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() }
            ).run()
            spent += ContinuousClock.now - iterationBegan
            try invariants.check(database, after: iteration, minute: minute)

            report.iterations += 1
            report.outcomes[iteration.outcome.rawValue, default: 0] += 1
            report.databaseSize = try database.size()
            report.largestGrowth = max(report.largestGrowth, report.databaseSize - size)
            if minute == minutes / 2 { sizeInTheMiddle = report.databaseSize }
            if minute % 60 == 59 {
                let least = supplies.supplies.first
                progress(
                    "hour \(minute / 60 + 1): \(cloud.launchedInstances.count) instances, reference "
                        + "\(other.launchedInstances.count); \(invariants.violations.count) violations; least share "
                        + "\(least.map { "\(Int($0.share * 100)) % (\($0.name))" } ?? "none"); database "
                        + "\(report.databaseSize / 1000) kB; \(ContinuousClock.now - began)")
            }
        }
        report.violations = invariants.violations
        report.supplies = supplies.supplies
        report.launches = cloud.launches
        report.refusals = cloud.refusals
        report.referenceLaunches = other.launches
        report.instances = cloud.launchedInstances.count
        let days = Double(max(1, minutes - minutes / 2)) / 1440
        report.growthPerDay = Int64(Double(report.databaseSize - sizeInTheMiddle) / days)
        report.secondsPerIteration = spent / .seconds(1) / Double(max(1, minutes))
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        report.peakMiB = usage.ru_maxrss / 1024
        return report
    }
}
