import CGI
import Domain
import Formats
import FoundationEssentials
import Storage

/// What EC2 shows, as the last iteration saw it.
enum FleetHandlers {
    static func summaries(_ call: RequestContext) throws -> CGIResponse {
        // An unreadable worker type must not hide the others.
        let types = try call.service.database().workerTypes.withoutSecrets().types.map(\.type)
        let (_, tally) = try read(call.service, types)
        return try RequestContext.json(.array(types.map { summary($0, tally[$0.name]) }))
    }

    static func state(_ call: RequestContext) throws -> CGIResponse {
        guard let type = try call.service.database().workerTypes.withoutSecrets(of: call["workerType"])?.type
        else { throw WorkerTypeHandlers.notFound(call) }
        let (stored, tally) = try read(call.service, [type])
        let allowed = AllowedPools(of: type.definition)
        let unseen = stored.unseen(of: type.name)
        // EC2 has given these launches an instance, and does not list it yet.
        let launched = unseen.filter { $0.instanceId != nil }
        return try RequestContext.json([
            "workerType": .string(type.name),
            "instances": .array(
                stored.instances(of: type.name).map { json($0.instance, allowed) }
                    + launched.map { pending($0, of: type) }),
            "requests": .array(stored.requests(of: type.name).map(json)),
            "internalTrackedRequests": .array(unseen.map(json)),
            "summary": summary(type, tally[type.name]),
        ])
    }

    private static func read(_ service: APIDependencies, _ types: [WorkerType]) throws -> (
        StoredFleet, FleetTally
    ) {
        let stored = try StoredFleet(try service.database(), ownership: service.ownership)
        let tally = FleetTally(
            stored.fleet, launches: stored.launches, workerTypes: types, gone: [], now: service.now)
        return (stored, tally)
    }

    private static func summary(_ type: WorkerType, _ tally: CapacityTally) -> JSONValue {
        [
            "workerType": .string(type.name), "minCapacity": .integer(Int64(type.definition.minCapacity)),
            "maxCapacity": .integer(Int64(type.definition.maxCapacity)),
            "requestedCapacity": .integer(Int64(tally.requested)),
            "pendingCapacity": .integer(Int64(tally.booting)),
            "runningCapacity": .integer(Int64(tally.running)),
        ]
    }

    private static func json(_ instance: Instance, _ allowed: AllowedPools) -> JSONValue {
        [
            "id": .string(instance.id), "srId": .string(instance.spotRequestId ?? ""),
            "ami": .string(instance.imageId), "type": .string(instance.pool.instanceType),
            "region": .string(instance.pool.region), "zone": .string(instance.pool.availabilityZone),
            "state": .string(instance.state.rawValue), "launch": .string(instance.launchTime.timestamp),
            "capacity": .integer(Int64(allowed.capacity(ofInstanceType: instance.pool.instanceType))),
        ]
    }

    /// The instance of a launch that EC2 does not list yet. Its image is the one of the current definition.
    private static func pending(_ launch: Launch, of type: WorkerType) -> JSONValue {
        let image = LaunchSpecification(type.definition, pool: launch.pool, keyName: nil).specification[
            "ImageId"]
        return [
            "id": .string(launch.instanceId ?? ""), "srId": .string(launch.spotRequestId ?? ""),
            "ami": image ?? "", "type": .string(launch.pool.instanceType),
            "region": .string(launch.pool.region), "zone": .string(launch.pool.availabilityZone),
            "state": .string(Instance.State.pending.rawValue), "launch": .string(launch.createdAt.timestamp),
            "capacity": .integer(Int64(launch.capacity)),
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
