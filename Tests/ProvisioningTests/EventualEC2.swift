import Domain
import Formats
import Foundation
import Provisioning
import Synchronization
import TestSupport

@testable import Simulation

/// A simulated EC2 with eventual consistency: changes are visible after minutes, lists skip and repeat items, calls do
/// not find new ids at once, and responses are lost.
final class EventualEC2: EC2Service {
    /// A version of an item, and the time from which lists may show it.
    fileprivate struct Version<Value: Hashable & Sendable>: Sendable {
        let value: Value
        let visibleAt: Date
    }

    fileprivate struct State: Sendable {
        var ec2: SimulatedEC2
        var now = Date.start
        var random: [String: SeededRandom]
        var instances: [String: [Version<Instance>]] = [:]
        var requests: [String: [Version<SpotRequest>]] = [:]
        /// The time from which calls find an id.
        var knownAt: [String: Date] = [:]
        var isCalm = false
    }

    private let state: Mutex<State>
    static let zones = [
        "us-east-1": ["us-east-1a", "us-east-1b"], "eu-west-1": ["eu-west-1a", "eu-west-1b"],
    ]

    init(seed: UInt64, capacity: ClosedRange<Int>) {
        let market = SpotMarket(
            zones: Self.zones, prices: ["c5.xlarge": 0.1, "m5.xlarge": 0.12], capacity: capacity, seed: seed,
            now: .start)
        state = Mutex(
            State(
                ec2: SimulatedEC2(zones: Self.zones, market: market, seed: seed),
                random: Dictionary(
                    uniqueKeysWithValues: Self.zones.keys.sorted().enumerated().map {
                        ($0.element, SeededRandom(seed: seed &* 31 &+ UInt64($0.offset)))
                    })))
    }

    // MARK: Actual state

    /// The actual instances, independent of visibility.
    var actual: (instances: [Instance], requests: [SpotRequest]) {
        state.withLock { state in
            (state.ec2.instances, state.ec2.requests.values.sorted { $0.id < $1.id })
        }
    }

    func userData(of id: String) -> String {
        state.withLock { $0.ec2.started[id]?.userData ?? "" }
    }

    /// Advances the time, and simulates events.
    func advance(to now: Date, interruptions: Double, _ body: (inout SimulatedEC2) -> Void) {
        state.withLock { state in
            state.ec2.advance(from: state.now, to: now, interruptions: interruptions)
            state.now = now
            body(&state.ec2)
            state.observe()
        }
    }

    /// Ends failures, skips and repetitions. The delays stay.
    func calm() { state.withLock { $0.isCalm = true } }

    // MARK: Calls

    private static func lost() -> ServiceFailure {
        ServiceFailure(kind: .unreachable, code: "unreachable", message: "no answer")
    }

    func regionState(_ region: String, ownership: Ownership, now: Date) async throws -> RegionState {
        try state.withLock { state in
            if state.happens(0.03, region) { throw Self.lost() }
            let requests = state.look(at: state.requests, in: region) {
                $0.region == region && [.open, .active, .failed].contains($0.state)
            }
            let fulfilling = Set(requests.filter { $0.state == .active }.compactMap(\.instanceId))
            let instances = state.look(at: state.instances, in: region) {
                $0.pool.region == region
                    && ($0.tags[Ownership.Tag.owner] == ownership.provisionerId || fulfilling.contains($0.id))
            }
            var shown = RegionState(
                region: region, instances: instances, spotRequests: requests,
                availabilityZones: Self.zones[region] ?? [], fetchedAt: now)
            shown.respondedAt = now
            return shown
        }
    }

    func instances(_ ids: [String], region: String) async throws -> [Instance] {
        state.withLock { state in state.look(at: state.instances, in: region) { ids.contains($0.id) } }
    }

    func spotRequests(_ ids: [String], region: String) async throws -> [SpotRequest] {
        state.withLock { state in state.look(at: state.requests, in: region) { ids.contains($0.id) } }
    }

    func subnets(region: String) -> [Subnet] { [] }

    func images(_ ids: [String], region: String) async throws -> [MachineImage] {
        try state.withLock { state in
            if state.happens(0.02, region) { throw Self.lost() }
            return ids.map { MachineImage(id: $0, platformDetails: "Linux/UNIX") }
        }
    }

    func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) async throws -> SpotPriceHistory {
        try state.withLock { state in
            if state.happens(0.02, region) { throw Self.lost() }
            return SpotPriceHistory(
                state.ec2.market.spotPrices(
                    region: region, instanceTypes: Set(instanceTypes), platforms: platforms))
        }
    }

    func launch(_ request: LaunchRequest, isRetried: Bool) async throws -> LaunchResponse {
        try state.withLock { state in
            let region = request.pool.region
            if state.happens(0.05, region) { throw Self.lost() }
            let answer = try state.ec2.launch(request, now: state.now)
            state.observe()
            if state.happens(0.1, region) { throw Self.lost() }
            return answer
        }
    }

    func cancelSpotRequests(_ ids: [String], region: String) async throws -> [String: ServiceFailure] {
        try act(on: ids, region, "InvalidSpotInstanceRequestID.NotFound") { ec2, ids, _ in ec2.cancel(ids) }
    }

    func terminateInstances(_ ids: [String], region: String) async throws -> [String: ServiceFailure] {
        try act(on: ids, region, "InvalidInstanceID.NotFound") { ec2, ids, now in
            ec2.terminate(ids, now: now)
        }
    }

    func createTags(_ tags: [String: String], on ids: [String], region: String) async throws {
        let unknown = try act(on: ids, region, "InvalidInstanceID.NotFound", allOrNone: true) { ec2, ids, _ in
            ec2.tag(ids, tags)
        }
        if let failure = unknown.values.first { throw failure }
    }

    func ensureKeyPair(named name: String, publicKey: String, region: String) async throws {}

    /// A call with ids, some of which it may not find yet.
    private func act(
        on ids: [String], _ region: String, _ code: String, allOrNone: Bool = false,
        _ body: (inout SimulatedEC2, [String], Date) -> Void
    ) throws -> [String: ServiceFailure] {
        try state.withLock { state in
            if state.happens(0.03, region) { throw Self.lost() }
            let unknown = ids.filter { (state.knownAt[$0] ?? .distantFuture) > state.now }
            if !allOrNone || unknown.isEmpty {
                body(&state.ec2, ids.filter { !unknown.contains($0) }, state.now)
                state.observe()
            }
            if state.happens(0.03, region) { throw Self.lost() }
            return Dictionary(
                uniqueKeysWithValues: unknown.map {
                    ($0, ServiceFailure(kind: .notFound, code: code, message: "'\($0)' does not exist"))
                })
        }
    }
}

extension EventualEC2.State {
    fileprivate mutating func fraction(_ region: String) -> Double { random[region]?.fraction() ?? 0 }

    fileprivate mutating func happens(_ chance: Double, _ region: String) -> Bool {
        let drawn = fraction(region)
        return !isCalm && drawn < chance
    }

    /// Records the changes and their delays: up to eight minutes for new items, and up to five for changed ones. Calls
    /// find a new id within two minutes.
    fileprivate mutating func observe() {
        let changed = ec2.started.values.filter { instances[$0.instance.id]?.last?.value != $0.instance }
            .map(\.instance)
        for instance in changed.sorted(by: { $0.id < $1.id }) {
            let old = instances[instance.id] ?? []
            instances[instance.id] = noting(instance, in: instance.pool.region, after: old)
        }
        let moved = ec2.requests.values.filter { requests[$0.id]?.last?.value != $0 }
        for request in moved.sorted(by: { $0.id < $1.id }) {
            requests[request.id] = noting(request, in: request.region, after: requests[request.id] ?? [])
        }
    }

    private mutating func noting<Value: Identifiable & Hashable & Sendable>(
        _ value: Value, in region: String, after versions: [EventualEC2.Version<Value>]
    ) -> [EventualEC2.Version<Value>] where Value.ID == String {
        let longest = versions.isEmpty ? 8.0 : 5.0
        let delay = fraction(region) < 0.5 ? 0 : longest * fraction(region)
        if versions.isEmpty { knownAt[value.id] = now.plus(minutes: 2 * fraction(region)) }
        return versions + [EventualEC2.Version(value: value, visibleAt: now.plus(minutes: delay))]
    }

    /// The items of a list: usually the newest visible version of each item, at times an older one, none or two. An item
    /// that ended is visible for an hour.
    fileprivate mutating func look<Value: Sendable>(
        at history: [String: [EventualEC2.Version<Value>]], in region: String, where isWanted: (Value) -> Bool
    ) -> [Value] {
        var shown: [Value] = []
        for (_, versions) in history.sorted(by: { $0.key < $1.key }) {
            let visible = versions.filter { $0.visibleAt <= now }
            guard var newest = visible.last, isWanted(newest.value) else { continue }
            if (newest.value as? Instance)?.state == .terminated,
                now.timeIntervalSince(newest.visibleAt) > 3600
            {
                continue
            }
            if happens(0.03, region) { continue }
            if happens(0.03, region), let older = visible.dropLast().last, isWanted(older.value) {
                newest = older
            }
            shown.append(newest.value)
            if happens(0.03, region) { shown.append(visible.first?.value ?? newest.value) }
        }
        return shown
    }
}
