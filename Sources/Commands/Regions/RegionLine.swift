import Algorithms
import Domain
import Formats
import FoundationEssentials
import Reporting
import Storage

/// A region that is managed, or that has open launches or a last known state.
struct RegionLine {
    let region: String
    let isManaged: Bool
    let openLaunches: Int
    /// The last known state; nil before the first read.
    let state: RegionState?
    let pause: Pause?

    var json: JSONValue {
        [
            "region": .string(region), "managed": .bool(isManaged),
            "openLaunches": .integer(Int64(openLaunches)),
            "instanceCount": state.map { .integer(Int64($0.instances.count)) } ?? .null,
            "fetchedAt": state.map { .string($0.fetchedAt.timestamp) } ?? .null,
            "pause": pause?.json ?? .null,
        ]
    }

    /// The lines of all regions, by name.
    static func all(in database: ProvisionerDatabase, managed: [String]) throws -> [RegionLine] {
        let (open, states, paused) = try database.snapshot {
            (
                try database.launches.openRegions(), try database.regions.all(),
                try database.pauses.active(at: Date()).byName(.region)
            )
        }
        // A region without open launches is read no more, and its last known state no longer counts.
        return Set(managed).union(open.keys).sorted().map { region in
            RegionLine(
                region: region, isManaged: managed.contains(region), openLaunches: open[region] ?? 0,
                state: states[region], pause: paused[region])
        }
    }
}
