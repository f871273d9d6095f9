import Domain
import FoundationEssentials
import Simulation
import Synchronization

/// The EC2, the Queue and the workers of a soak: a simulated world with faults, quotas, scarce pools and foreign
/// instances. It records the calls that the invariants compare.
final class SoakCloud: EC2Service, TaskQueue {
    private struct State {
        /// The number of launch calls, by client token.
        var calls: [String: Int] = [:]
        var accepted: Set<String> = []
        /// The client tokens of launches since the last check.
        var newTokens: [String] = []
        /// The launches in the current slot of time, by scarce pool.
        var slots: [Pool: (slot: Int, count: Int)] = [:]
        var refusals = 0
    }

    /// The instances that an account may run of each limited type.
    static let quota = 10
    /// The instances that a scarce pool gives in each slot of time.
    private static let scarceInstances = 2
    private static let slot: TimeInterval = 600
    /// The age at which the workers of scarce instances end. Seconds.
    private static let scarceLife: TimeInterval = 3600
    private static let foreignToken = "foreign"

    let world: SimulatedWorld
    private let faults: SoakFaults
    private let members: [String: SoakFleet.Member]
    private let limited: Set<String>
    private let scarce: Set<String>
    private let state = Mutex(State())

    /// - Parameter checkIn: called with the security token of each worker that starts. Returns whether the API accepts
    ///   it.
    init(
        _ fleet: SoakFleet, faults: SoakFaults, seed: UInt64, minutes: Int,
        checkIn: @escaping @Sendable (_ securityToken: String, _ now: Date) throws -> Bool
    ) {
        self.faults = faults
        members = Dictionary(uniqueKeysWithValues: fleet.members.map { ($0.name, $0) })
        var limited: Set<String> = []
        var scarce: Set<String> = []
        for member in fleet.members {
            switch member.condition {
            case .atQuota(let type): limited.insert(type)
            case .scarce(let type): scarce.insert(type)
            default: break
            }
        }
        self.limited = limited
        self.scarce = scarce
        world = SimulatedWorld(
            ec2: fleet.ec2(now: faults.start), tasks: fleet.tasks(start: faults.start, minutes: minutes),
            interruptions: 0.03, seed: seed, now: faults.start, step: 20, checkIn: checkIn)
    }

    /// Launches instances with the tags of this deployment that the database does not know. They count as capacity of a
    /// worker type that has no image.
    func launchForeign(_ count: Int, ownership: Ownership) throws {
        let name = members.values.first { $0.condition == .missingImage }?.name ?? "foreign"
        for index in 0..<count {
            _ = try world.launch(
                LaunchRequest(
                    clientToken: "\(Self.foreignToken)-\(index)",
                    pool: Pool(
                        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "r5.xlarge"),
                    market: .onDemand, mode: .runInstances, bidPrice: Price(usd: 1),
                    launchSpecification: [:], userData: "{}",
                    tags: ownership.tags(workerType: name, launchId: "\(Self.foreignToken)-\(index)"),
                    validUntil: world.now))
        }
    }

    /// Advances the clock, and ends the workers of old scarce instances.
    func advance(to now: Date) throws {
        try world.advance(to: now)
        world.shutDown(
            world.liveInstances.filter {
                scarce.contains($0.pool.instanceType)
                    && now.timeIntervalSince($0.launchTime) > Self.scarceLife
            }.map(\.id))
        world.forgetTerminated(before: now.addingTimeInterval(-7200))
    }

    // MARK: Observations

    /// The live instances that calls of this cloud launched.
    var launchedInstances: [Instance] { world.liveInstances.filter { !Self.isForeign($0) } }

    static func isForeign(_ instance: Instance) -> Bool {
        instance.clientToken?.hasPrefix(foreignToken) ?? false
    }

    /// The ids of the live foreign instances.
    var foreignInstances: Set<String> { Set(world.liveInstances.filter(Self.isForeign).map(\.id)) }

    var refusals: Int { state.withLock { $0.refusals } }
    var launches: Int { state.withLock { $0.accepted.count } }

    /// The client tokens of launches since the last call of this method.
    func takeNewTokens() -> [String] {
        state.withLock { state in
            defer { state.newTokens = [] }
            return state.newTokens
        }
    }

    // MARK: Calls

    private static let noResponse = ServiceFailure(
        kind: .unreachable, code: "unreachable", message: "no response")

    private func checkOutage(_ region: String) throws {
        if case .everything = faults.outage(of: region, at: world.now) { throw Self.noResponse }
    }

    func regionState(_ region: String, ownership: Ownership, now: Date) throws -> RegionState {
        try checkOutage(region)
        let actual = world.now
        var state = try world.regionState(region, ownership: ownership, now: actual)
        state.instances.removeAll { isHidden($0, at: actual) }
        state.fetchedAt = now
        return state
    }

    private func isHidden(_ instance: Instance, at now: Date) -> Bool {
        now.timeIntervalSince(instance.launchTime) < faults.visibilityDelay(instance.id)
    }

    func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) throws -> SpotPriceHistory {
        try checkOutage(region)
        return world.spotPrices(
            region: region, instanceTypes: instanceTypes, platforms: platforms, since: since)
    }

    func subnets(region: String) -> [Subnet] { [] }

    func images(_ ids: [String], region: String) throws -> [MachineImage] {
        try checkOutage(region)
        return world.images(ids, region: region)
    }

    func launch(_ request: LaunchRequest, isRetried: Bool) throws -> LaunchResponse {
        let now = world.now
        let token = request.clientToken
        let (attempt, isAccepted) = state.withLock { state in
            let attempt = state.calls[token, default: 0]
            state.calls[token] = attempt + 1
            if attempt == 0 { state.newTokens.append(token) }
            return (attempt, state.accepted.contains(token))
        }
        do {
            let fault = faults.callFault(token, attempt: attempt)
            try checkAvailability(request.pool.region, fault, now: now)
            if isAccepted { return try world.launch(request) }
            try checkSupply(of: request, fault, now: now)
            let response = try world.launch(bootable(request))
            state.withLock { state in
                state.accepted.insert(token)
                if scarce.contains(request.pool.instanceType) {
                    state.slots[request.pool, default: (0, 0)].count += 1
                }
            }
            if case .lostResponse = fault { throw Self.noResponse }
            return response
        } catch {
            state.withLock { $0.refusals += 1 }
            throw error
        }
    }

    private func checkAvailability(_ region: String, _ fault: SoakFaults.CallFault?, now: Date) throws {
        switch faults.outage(of: region, at: now) {
        case .everything: throw Self.noResponse
        case .launches: throw ServiceFailure(kind: .throttled, code: "InternalError", message: "status 500")
        case nil: break
        }
        switch fault {
        case .throttled:
            throw ServiceFailure(kind: .throttled, code: "RequestLimitExceeded", message: "status 503")
        case .unanswered: throw Self.noResponse
        case .lostResponse, .unknownCode, .noCapacity, nil: break
        }
    }

    /// Refuses a launch for which there is no image, quota or capacity.
    private func checkSupply(
        of request: LaunchRequest, _ fault: SoakFaults.CallFault?, now: Date
    ) throws {
        let pool = request.pool
        let condition = condition(of: request)
        if condition == .missingImage
            || condition == .missingImageInOneRegion && pool.region == SoakFleet.incompleteRegion
        {
            throw ServiceFailure(
                kind: .missingResource, code: "InvalidAMIID.NotFound", message: "the image does not exist")
        }
        if limited.contains(pool.instanceType) {
            if world.liveInstances(ofType: pool.instanceType) >= Self.quota {
                throw ServiceFailure(
                    kind: .spotLimit, code: "MaxSpotInstanceCountExceeded", message: "quota exceeded")
            }
        } else if faults.isExhausted(pool, at: now) && !scarce.contains(pool.instanceType)
            || isDrained(pool, at: now)
        {
            throw Self.noCapacity(pool)
        }
        switch fault {
        case .noCapacity: throw Self.noCapacity(pool)
        case .unknownCode: throw ServiceFailure(kind: .other, code: "Unforeseen", message: "unknown code")
        case .throttled, .unanswered, .lostResponse, nil: break
        }
    }

    private static func noCapacity(_ pool: Pool) -> ServiceFailure {
        ServiceFailure(
            kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "no capacity in \(pool)")
    }

    /// Whether a scarce pool gave all instances of the current slot of time.
    private func isDrained(_ pool: Pool, at now: Date) -> Bool {
        guard scarce.contains(pool.instanceType) else { return false }
        let slot = Int(now.timeIntervalSince(faults.start) / Self.slot)
        return state.withLock { state in
            if state.slots[pool]?.slot != slot { state.slots[pool] = (slot, 0) }
            return state.slots[pool, default: (slot, 0)].count >= Self.scarceInstances
        }
    }

    /// The request, without user data where the worker never checks in.
    private func bootable(_ request: LaunchRequest) -> LaunchRequest {
        guard condition(of: request) == .neverCheckingIn else { return request }
        return LaunchRequest(
            clientToken: request.clientToken, pool: request.pool, market: request.market, mode: request.mode,
            bidPrice: request.bidPrice, launchSpecification: request.launchSpecification, userData: "{}",
            tags: request.tags, validUntil: request.validUntil)
    }

    private func condition(of request: LaunchRequest) -> SoakFleet.Condition? {
        request.tags[Ownership.Tag.name].flatMap { members[$0]?.condition }
    }

    func instances(_ ids: [String], region: String) throws -> [Instance] {
        try checkOutage(region)
        let now = world.now
        return world.instances(ids, region: region).filter { !isHidden($0, at: now) }
    }

    func spotRequests(_ ids: [String], region: String) throws -> [SpotRequest] {
        try checkOutage(region)
        return world.spotRequests(ids, region: region)
    }

    func cancelSpotRequests(_ ids: [String], region: String) throws -> [String: ServiceFailure] {
        try checkOutage(region)
        return world.cancelSpotRequests(ids, region: region)
    }

    func terminateInstances(_ ids: [String], region: String) throws -> [String: ServiceFailure] {
        try checkOutage(region)
        return world.terminateInstances(ids, region: region)
    }

    func createTags(_ tags: [String: String], on ids: [String], region: String) throws {
        try checkOutage(region)
        world.createTags(tags, on: ids, region: region)
    }

    func ensureKeyPair(named name: String, publicKey: String, region: String) {}

    func pendingTasks(provisionerId: String, workerType: String) throws -> Int {
        if faults.isQueueOut(at: world.now) { throw Self.noResponse }
        return world.pendingTasks(provisionerId: provisionerId, workerType: workerType)
    }
}
