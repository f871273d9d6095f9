import Algorithms
import Domain
import Formats
import FoundationEssentials
import Provisioning
import Storage

/// The conditions that hold after each iteration of a soak.
struct SoakInvariants {
    private let cloud: SoakCloud
    private let members: [SoakFleet.Member]
    private let foreign: Set<String>
    /// The violations so far, with the minute.
    private(set) var violations: [String] = []

    init(_ cloud: SoakCloud, members: [SoakFleet.Member]) {
        self.cloud = cloud
        self.members = members
        foreign = cloud.foreignInstances
    }

    mutating func check(_ database: ProvisionerDatabase, after report: IterationReport, minute: Int) throws {
        let rows = try database.launches.open().keyed(by: \.id)
        var live: [String: Int] = [:]
        for instance in cloud.launchedInstances {
            guard let row = instance.clientToken.flatMap({ rows[$0] }) else {
                note(minute, "\(instance.id) has no open launch")
                continue
            }
            live[row.workerType, default: 0] += row.capacity
        }
        for member in members {
            // The smallest instance may pass maxCapacity where it does not fit.
            let smallest = member.definition.instanceTypes.map(\.capacity).min() ?? 1
            let most = member.definition.maxCapacity + smallest - 1
            if live[member.name, default: 0] > most {
                note(minute, "\(member.name) has capacity \(live[member.name, default: 0]) above \(most)")
            }
        }
        checkLaunches(of: report, minute)
        if cloud.foreignInstances != foreign { note(minute, "foreign instances were terminated") }
    }

    /// Each new client token belongs to one bid of the iteration, and each bid to one token.
    private mutating func checkLaunches(of report: IterationReport, _ minute: Int) {
        let ids = report.bids.compactMap(\.launchId)
        if Set(ids).count != ids.count { note(minute, "two bids have the same launch") }
        let new = cloud.takeNewTokens()
        if Set(new).count != new.count { note(minute, "a client token began twice") }
        let unknown = Set(new).subtracting(ids)
        if !unknown.isEmpty { note(minute, "\(unknown.count) launches belong to no bid") }
        let decided = report.decisions.reduce(0) {
            $0 + $1.bids.count + ($1.reselected?.wrappedValue.count ?? 0)
        }
        if new.count > decided { note(minute, "\(new.count) launches for \(decided) decided bids") }
    }

    private mutating func note(_ minute: Int, _ text: String) {
        violations.append("minute \(minute): \(text)")
    }
}
