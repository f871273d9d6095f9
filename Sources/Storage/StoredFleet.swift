import Algorithms
package import Domain

/// The fleet of the stored region states, with its launches.
package struct StoredFleet: Sendable {
    package let fleet: Fleet
    /// The open launches, and the launches of resources that EC2 shows, by id.
    package let launches: [String: Launch]

    /// - Parameter regions: the stored region states, where the caller has read them.
    package init(_ database: ProvisionerDatabase, ownership: Ownership, regions: [RegionState]? = nil) throws
    {
        let open = try database.launches.open()
        fleet = Fleet(
            try regions ?? database.regions.all().values.sorted { $0.region < $1.region },
            ownership: ownership, launches: open.keyed(by: \.id))
        let ended = try database.launches.get(fleet.launchIds.subtracting(open.map(\.id)))
        launches = (open + ended).keyed(by: \.id)
    }

    /// The instances of this deployment.
    package var instances: [InstanceWithLaunch] {
        fleet.instances.map { item in
            InstanceWithLaunch(
                instance: item.instance, workerType: item.workerType,
                launch: item.launchId.flatMap { launches[$0] })
        }
    }

    /// The instances of a worker type that are not terminated.
    package func instances(of workerType: String) -> [InstanceWithLaunch] {
        instances.filter { $0.workerType == workerType && $0.instance.state != .terminated }
    }

    /// The spot requests of a worker type that are not fulfilled.
    package func requests(of workerType: String) -> [SpotRequest] {
        fleet.requests.filter { $0.workerType == workerType && $0.request.state == .open }.map(\.request)
    }

    /// The launches of a worker type that EC2 does not show yet, oldest first.
    package func unseen(of workerType: String) -> [Launch] {
        let shown = fleet.launchIds
        return launches.values.filter {
            $0.workerType == workerType && !$0.state.isFinal && !shown.contains($0.id)
        }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }
}
