package import Domain
import Formats
package import FoundationEssentials
import Synchronization

/// A simulated EC2, Queue and workers under one virtual clock, for `demo` and for tests of the iteration.
///
/// It implements the protocols of the real services, so that the complete iteration runs against it, with the database.
/// Its prices and its load are generated. `Replay` is the other simulator: it runs the decision alone, without a
/// database, on recorded prices and loads, and is faster by orders of magnitude.
package final class SimulatedWorld: EC2Service, TaskQueue {
    fileprivate struct State: Sendable {
        var now: Date
        var ec2: SimulatedEC2
        var work: SimulatedWork
        var bootsAt: [String: Date] = [:]
        var random: SeededRandom
        var cost = 0.0
        var interrupted = 0
    }

    /// Totals since the beginning.
    package struct Account: Sendable {
        package let now: Date
        /// US dollars.
        package let cost: Double
        /// US dollars an hour at current prices.
        package let costPerHour: Double
        package let tasksDone: Int
        package let taskHours: Double
        /// Waiting times of the started tasks in seconds.
        package let waits: [TimeInterval]
        package let interrupted: Int
        package let refusals: Int
    }

    private let state: Mutex<State>
    private let interruptions: Double
    private let step: TimeInterval
    private let checkIn: @Sendable (_ securityToken: String, _ now: Date) throws -> Bool

    /// - Parameters:
    ///   - interruptions: interruptions of a running spot instance per hour.
    ///   - step: the step of the clock. Seconds.
    ///   - checkIn: called with the security token of each worker that starts. Returns whether the API accepts it; else
    ///     the worker tries again.
    package init(
        ec2: SimulatedEC2, tasks: [SimulatedTask], interruptions: Double, seed: UInt64, now: Date,
        step: TimeInterval = 5,
        checkIn: @escaping @Sendable (_ securityToken: String, _ now: Date) throws -> Bool
    ) {
        state = Mutex(
            State(now: now, ec2: ec2, work: SimulatedWork(tasks: tasks), random: SeededRandom(seed: seed)))
        self.interruptions = interruptions
        self.step = step
        self.checkIn = checkIn
    }

    package var now: Date { state.withLock { $0.now } }

    /// Returns random bytes derived from the seed.
    package func randomBytes(_ count: Int) -> [UInt8] { state.withLock { $0.random.bytes(count) } }

    /// The instances that are not terminated, ordered by id.
    package var liveInstances: [Instance] {
        state.withLock { $0.ec2.instances.filter { $0.state != .terminated } }
    }

    /// The number of instances of a type that are not terminated.
    package func liveInstances(ofType type: String) -> Int {
        state.withLock { state in
            state.ec2.started.values.count {
                $0.instance.pool.instanceType == type && $0.instance.state != .terminated
            }
        }
    }

    /// The ids of the instances whose workers started.
    package var workingInstances: Set<String> { state.withLock { $0.work.workingInstances } }

    /// The durations of the completed tasks, by worker type. Seconds.
    package var workSecondsByType: [String: TimeInterval] { state.withLock { $0.work.workSecondsByType } }

    /// Ends instances as a shutdown from within does.
    package func shutDown(_ ids: [String]) {
        state.withLock { $0.ec2.terminate(ids, reason: "Client.InstanceInitiatedShutdown", now: $0.now) }
    }

    /// Removes the instances that were terminated before a time.
    package func forgetTerminated(before limit: Date) {
        state.withLock { $0.ec2.forgetTerminated(before: limit) }
    }

    /// Advances the clock step by step.
    package func advance(to end: Date) throws {
        while true {
            let booted = state.withLock { state -> [(id: String, userData: String)]? in
                guard state.now < end else { return nil }
                return state.step(to: min(end, state.now.addingTimeInterval(step)), interruptions)
            }
            guard let booted else { return }
            for (id, userData) in booted { try boot(id, userData) }
        }
    }

    /// Starts a worker: it reads its user data, fetches its secret, and claims tasks.
    private func boot(_ id: String, _ userData: String) throws {
        guard let data = try JSONValue(parsing: Data(userData.utf8)).objectValue,
            let token = data["securityToken"]?.stringValue, let workerType = data["workerType"]?.stringValue,
            let capacity = data["capacity"]?.integerValue
        else { return }
        guard try checkIn(token, now) else { return }
        state.withLock { state in
            state.work.start(worker: id, workerType: workerType, capacity: capacity, now: state.now)
        }
    }

    package var account: Account {
        state.withLock { state in
            Account(
                now: state.now, cost: state.cost, costPerHour: state.costPerHour, tasksDone: state.work.done,
                taskHours: state.work.workSeconds / 3600, waits: state.work.waits,
                interrupted: state.interrupted, refusals: state.ec2.refusals)
        }
    }

    // MARK: Services

    package func regionState(_ region: String, ownership: Ownership, now: Date) throws -> RegionState {
        try state.withLock { try $0.ec2.regionState(region, ownership: ownership, now: now) }
    }

    package func spotPrices(
        region: String, instanceTypes: [String], platforms: Set<ImagePlatform>, since: Date
    ) -> SpotPriceHistory {
        state.withLock {
            SpotPriceHistory(
                $0.ec2.market.spotPrices(
                    region: region, instanceTypes: Set(instanceTypes), platforms: platforms))
        }
    }

    /// Describes every image as Linux/UNIX.
    package func images(_ ids: [String], region: String) -> [MachineImage] {
        ids.map { MachineImage(id: $0, platformDetails: ImagePlatform.linux.productDescription) }
    }

    /// Returns no subnets: launches use the default subnets of their zones.
    package func subnets(region: String) -> [Subnet] { [] }

    package func launch(_ request: LaunchRequest, isRetried: Bool = true) throws -> LaunchResponse {
        try state.withLock { try $0.ec2.launch(request, now: $0.now) }
    }

    package func instances(_ ids: [String], region: String) -> [Instance] {
        state.withLock { state in state.ec2.instances.filter { ids.contains($0.id) } }
    }

    package func spotRequests(_ ids: [String], region: String) -> [SpotRequest] {
        state.withLock { $0.ec2.spotRequests(ids) }
    }

    package func cancelSpotRequests(_ ids: [String], region: String) -> [String: ServiceFailure] {
        state.withLock { $0.ec2.cancel(ids) }
        return [:]
    }

    package func terminateInstances(_ ids: [String], region: String) -> [String: ServiceFailure] {
        state.withLock { $0.ec2.terminate(ids, now: $0.now) }
        return [:]
    }

    package func createTags(_ tags: [String: String], on ids: [String], region: String) {
        state.withLock { $0.ec2.tag(ids, tags) }
    }

    package func ensureKeyPair(named name: String, publicKey: String, region: String) {}

    package func pendingTasks(provisionerId: String, workerType: String) -> Int {
        state.withLock { $0.work.pendingTasks(workerType) }
    }
}

extension SimulatedWorld.State {
    /// Cost of all instances, US dollars an hour.
    fileprivate var costPerHour: Double {
        ec2.instances.filter { $0.state != .terminated }
            .reduce(0) { $0 + (ec2.market.price(of: $1.pool)?.usd ?? 0) }
    }

    /// Advances the clock by one step.
    ///
    /// - Returns: the instances whose workers start in this step, with their user data.
    fileprivate mutating func step(
        to next: Date, _ interruptions: Double
    ) -> [(id: String, userData: String)] {
        cost += costPerHour * next.timeIntervalSince(now) / 3600
        ec2.advance(from: now, to: next, interruptions: interruptions)
        now = next
        var booted: [(String, String)] = []
        for (id, item) in ec2.started.sorted(by: { $0.key < $1.key }) {
            if item.instance.state == .terminated {
                if bootsAt.removeValue(forKey: id) != nil || work.isWorking(id),
                    item.instance.stateReason == "Server.SpotInstanceTermination"
                {
                    interrupted += 1
                }
                work.removeWorker(id)
            } else if !work.isWorking(id) {
                let due = bootsAt[id] ?? now.addingTimeInterval(60 + 90 * random.fraction())
                bootsAt[id] = due
                if due <= now {
                    bootsAt[id] = nil
                    booted.append((id, item.userData))
                }
            }
        }
        ec2.terminate(work.advance(to: now), reason: "Client.InstanceInitiatedShutdown", now: now)
        return booted
    }
}
