import Domain
import Storage

/// The instances that ended by themselves between two iterations of the demonstration.
struct EndedInstances {
    /// The open launches of the last iteration, by id.
    private var open: [String: Launch] = [:]

    /// Compares the database with the previous call, and returns a text for each pool with interrupted or stopped instances.
    ///
    /// - Parameter terminated: the ids of the instances that the last iteration terminated.
    mutating func texts(_ database: ProvisionerDatabase, except terminated: [String]) throws -> [String] {
        let now = Dictionary(
            try database.launches.open().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let ended = open.values.filter { launch in
            launch.instanceId.map { !terminated.contains($0) } ?? false && now[launch.id] == nil
        }
        open = now
        let interrupted = Set(
            ended.isEmpty ? [] : try database.interruptions.latest(1000).map(\.instanceId))
        let groups = Dictionary(grouping: ended) { launch in
            Group(
                workerType: launch.workerType, pool: launch.pool,
                isInterrupted: launch.instanceId.map(interrupted.contains) ?? false)
        }
        return groups.map { $0.key.text(count: $0.value.count) }.sorted()
    }

    private struct Group: Hashable {
        let workerType: String
        let pool: Pool
        let isInterrupted: Bool

        func text(count: Int) -> String {
            isInterrupted
                ? "\(workerType): EC2 interrupted \(count) x \(pool)"
                : "\(workerType): \(count) x \(pool) shut down without tasks"
        }
    }
}
