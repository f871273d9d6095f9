import CGI
import Domain
import FoundationEssentials
import Storage

/// What EC2 shows, as the last iteration saw it.
enum FleetHandlers {
    /// Everything that capacities are counted from.
    private struct View {
        let fleet: Fleet
        let launches: [String: Launch]
        let tally: FleetTally

        init(_ service: Service, _ types: [WorkerType]) throws {
            let database = try service.database()
            let open = try database.launches.open()
            fleet = Fleet(
                try database.regions.all().values.sorted { $0.region < $1.region },
                ownership: service.ownership,
                launches: Dictionary(open.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
            let shown = try database.launches.get(fleet.launchIds.subtracting(open.map(\.id)))
            launches = Dictionary(
                (open + shown).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            tally = FleetTally(
                fleet, launches: launches, workerTypes: types, gone: [], now: service.now)
        }
    }

    static func summaries(_ call: Call) throws -> CGIResponse {
        let types = try call.service.database().workerTypes.all()
        let view = try View(call.service, types)
        return try Call.json(.array(types.map { summary($0, view.tally[$0.name]) }))
    }

    static func state(_ call: Call) throws -> CGIResponse {
        let type = try WorkerTypeHandlers.find(call)
        let view = try View(call.service, [type])
        let instances = view.fleet.instances.filter {
            $0.workerType == type.name && $0.instance.state != .terminated
        }
        let requests = view.fleet.requests.filter { $0.workerType == type.name && $0.request.state == .open }
        let shown = Set(
            view.fleet.instances.compactMap(\.launchId) + view.fleet.requests.compactMap(\.launchId))
        let unseen = view.launches.values.filter {
            $0.workerType == type.name && !$0.state.isFinal && !shown.contains($0.id)
        }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        return try Call.json([
            "workerType": .string(type.name), "instances": .array(instances.map { json($0.instance) }),
            "requests": .array(requests.map { json($0.request) }),
            "internalTrackedRequests": .array(unseen.map(json)),
            "summary": summary(type, view.tally[type.name]),
        ])
    }

    private static func summary(_ type: WorkerType, _ tally: CapacityTally) -> JSONValue {
        [
            "workerType": .string(type.name), "minCapacity": .integer(Int64(type.definition.minCapacity)),
            "maxCapacity": .integer(Int64(type.definition.maxCapacity)),
            "requestedCapacity": .integer(Int64(tally.requested)),
            "pendingCapacity": .integer(Int64(tally.pending)),
            "runningCapacity": .integer(Int64(tally.running)),
        ]
    }

    private static func json(_ instance: Instance) -> JSONValue {
        [
            "id": .string(instance.id), "srId": .string(instance.spotRequestId ?? ""),
            "ami": .string(instance.imageId), "type": .string(instance.pool.instanceType),
            "region": .string(instance.pool.region), "zone": .string(instance.pool.availabilityZone),
            "state": .string(instance.state.rawValue), "launch": .string(instance.launchTime.timestamp),
        ]
    }

    private static func json(_ request: SpotRequest) -> JSONValue {
        [
            "id": .string(request.id), "ami": .string(request.imageId), "type": .string(request.instanceType),
            "region": .string(request.region), "zone": .string(request.availabilityZone ?? ""),
            "time": .string(request.createTime.timestamp), "status": .string(request.statusCode),
            "visibleToEC2Api": true,
        ]
    }

    /// A launch that EC2 does not show yet.
    private static func json(_ launch: Launch) -> JSONValue {
        [
            "id": .string(launch.spotRequestId ?? launch.instanceId ?? launch.id),
            "type": .string(launch.pool.instanceType), "region": .string(launch.pool.region),
            "zone": .string(launch.pool.availabilityZone), "time": .string(launch.createdAt.timestamp),
            "status": .string(launch.state.rawValue), "visibleToEC2Api": false,
        ]
    }
}
