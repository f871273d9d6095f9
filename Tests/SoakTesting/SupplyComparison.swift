import FoundationEssentials
import Simulation

/// Compares the work of healthy worker types with the work that a reference did in a cloud with the same faults.
struct SupplyComparison {
    private let fleet: SoakFleet
    private let cloud: SoakCloud
    private let reference: SoakCloud
    /// The work before the comparison began, by worker type. Seconds.
    private var doneBefore: [String: TimeInterval] = [:]
    private var possibleBefore: [String: TimeInterval] = [:]

    init(_ fleet: SoakFleet, _ cloud: SoakCloud, reference: SoakCloud) {
        self.fleet = fleet
        self.cloud = cloud
        self.reference = reference
    }

    /// Leaves out the work up to now.
    mutating func restart() {
        doneBefore = cloud.world.workSecondsByType
        possibleBefore = reference.world.workSecondsByType
    }

    /// The work of each supply, least share first.
    var supplies: [SoakReport.Supply] {
        let (done, possible) = (cloud.world.workSecondsByType, reference.world.workSecondsByType)
        func sum(
            _ members: [SoakFleet.Member], _ work: [String: TimeInterval], _ before: [String: TimeInterval]
        ) -> TimeInterval {
            members.reduce(0) { $0 + (work[$1.name] ?? 0) - (before[$1.name] ?? 0) }
        }
        return Dictionary(grouping: fleet.members.filter(\.condition.isHealthy), by: \.supply).map {
            name, members in
            SoakReport.Supply(
                name: name, done: sum(members, done, doneBefore),
                possible: sum(members, possible, possibleBefore))
        }.sorted { ($0.share, $0.name) < ($1.share, $1.name) }
    }
}
