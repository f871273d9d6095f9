import CGI
import Domain
import Formats
import FoundationEssentials
import Storage

/// Capacities, instances and requests as of the last iteration.
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
        let images = try call.service.database().images.all()
        // EC2 lists an instance some seconds after it responded to the launch.
        let launched = unseen.compactMap { launch in
            instance(of: launch, type, images).map { (instance: $0, capacity: launch.capacity) }
        }
        return try RequestContext.json([
            "workerType": .string(type.name),
            "instances": .array(
                stored.instances(of: type.name).map {
                    json($0.instance, allowed, launched: $0.launch?.capacity)
                } + launched.map { json($0.instance, allowed, launched: $0.capacity) }),
            "requests": .array(stored.requests(of: type.name).map(json)),
            "internalTrackedRequests": .array(
                unseen.filter { launch in !launched.contains { $0.instance.id == launch.instanceId } }.map(
                    json)),
            "summary": summary(type, tally[type.name]),
        ])
    }

    private static func read(_ service: APIDependencies, _ types: [WorkerType]) throws -> (
        StoredFleet, FleetTally
    ) {
        let stored = try StoredFleet(try service.database(), ownership: service.ownership)
        let tally = FleetTally(
            stored.fleet, launches: stored.launches, workerTypes: types, gone: [],
            claimGrace: service.claimGrace, now: service.now)
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

    private static func json(_ instance: Instance, _ allowed: AllowedPools, launched: Int?) -> JSONValue {
        [
            "id": .string(instance.id), "srId": .string(instance.spotRequestId ?? ""),
            "ami": .string(instance.imageId), "type": .string(instance.pool.instanceType),
            "region": .string(instance.pool.region), "zone": .string(instance.pool.availabilityZone),
            "state": .string(instance.state.rawValue), "launch": .string(instance.launchTime.timestamp),
            "capacity": .integer(
                Int64(allowed.capacity(ofInstanceType: instance.pool.instanceType, launched: launched))),
        ]
    }

    /// The instance in EC2's response to a launch; nil without an instance in the response, and for an instance that EC2
    /// has listed.
    private static func instance(
        of launch: Launch, _ type: WorkerType, _ images: ImageCatalog
    ) -> Instance? {
        guard launch.state == .submitted, let id = launch.instanceId else { return nil }
        // The image is part of the definition at the launch. The image of a replaced definition is unknown.
        let image =
            launch.definitionModified == type.lastModified
            ? LaunchSpecification(type.definition, pool: launch.pool, keyName: nil).specification["ImageId"]
            : nil
        return Instance(
            id: id, pool: launch.pool,
            imageId: image?.stringValue.flatMap { images.imageId(of: $0, in: launch.pool.region) } ?? "",
            state: .pending,
            launchTime: launch.createdAt, spotRequestId: launch.spotRequestId)
    }

    private static func json(_ request: SpotRequest) -> JSONValue {
        [
            "id": .string(request.id), "ami": .string(request.imageId), "type": .string(request.instanceType),
            "region": .string(request.region), "zone": .string(request.availabilityZone ?? ""),
            "time": .string(request.createTime.timestamp), "status": .string(request.statusCode),
            "visibleToEC2Api": true,
        ]
    }

    /// A launch that EC2 does not show yet, without an instance in EC2's response.
    private static func json(_ launch: Launch) -> JSONValue {
        [
            "id": .string(launch.spotRequestId ?? launch.instanceId ?? launch.id),
            "type": .string(launch.pool.instanceType), "region": .string(launch.pool.region),
            "zone": .string(launch.pool.availabilityZone), "time": .string(launch.createdAt.timestamp),
            "status": .string(launch.state.rawValue), "visibleToEC2Api": false,
        ]
    }
}
