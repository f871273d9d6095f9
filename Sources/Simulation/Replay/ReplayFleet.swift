import DequeModule
import Domain
import Formats

/// Workers and their tasks. No event iterates over all instances or tasks, so that its cost does not depend on the length
/// of the run.
struct ReplayFleet: Sendable {
    struct Instance: Sendable {
        let workerType: Int
        /// Index of the pool in the price history.
        let pool: Int
        let capacity: Int
        let market: Market
        let launchedAt: Double
        var bootedAt: Double?
        /// Whether it counts as running, and no longer as booting.
        var countsAsRunning = false
        var endedAt: Double?
        var ending = Ending.alive
        var tasks: [Int] = []
        /// Number of changes between idle and busy.
        var idleSerial = 0
        /// Index in the list of workers with free capacity; nil when it has none.
        var freeIndex: Int?
        /// Index in the list of the running instances of the pool.
        var poolIndex = 0
    }

    enum Ending: Sendable { case alive, idle, interrupted, terminated }

    struct Task: Sendable {
        let workerType: Int
        let arrival: Double
        let duration: Double
        var pendingSince: Double
        /// Total time in pending state.
        var waited = 0.0
        /// Start of the current run, or of the completed one.
        var startedAt: Double?
        var instance: Int?
        var isDone = false
    }

    private(set) var instances: [Instance] = []
    private(set) var tasks: [Task] = []
    /// Capacity by worker type.
    private(set) var tallies: [CapacityTally]
    /// Number of running tasks, by worker type.
    private(set) var claimedTasks: [Int]
    /// Running instances of each pool.
    private(set) var byPool: [[Int]]
    /// Capacity of the running instances in each pool, by worker type.
    private(set) var holdings: [[Int: Int]]
    private(set) var records: [PoolRecord]
    /// Pending tasks in the order in which workers take them, by worker type. Interrupted tasks come first.
    private var pendingTasks: [Deque<Int>]
    /// Workers with free capacity, by worker type.
    private var free: [[Int]]
    private var events: EventQueue
    private var dispatch: SeededRandom
    private let conditions: Scenario.Conditions
    /// How long an instance counts as booting after its check-in. Seconds.
    private let claimGrace: Double

    private(set) var done = 0
    private(set) var alive = 0
    private(set) var interrupted = 0
    /// Work on interrupted tasks.
    private(set) var lostSeconds = 0.0

    init(
        workerTypes: Int, pools: Int, conditions: Scenario.Conditions, claimGrace: Double,
        dispatch: SeededRandom
    ) {
        tallies = Array(repeating: CapacityTally(), count: workerTypes)
        claimedTasks = Array(repeating: 0, count: workerTypes)
        pendingTasks = Array(repeating: [], count: workerTypes)
        free = Array(repeating: [], count: workerTypes)
        byPool = Array(repeating: [], count: pools)
        holdings = Array(repeating: [:], count: workerTypes)
        records = Array(repeating: PoolRecord(), count: pools)
        events = EventQueue()
        self.conditions = conditions
        self.claimGrace = claimGrace
        self.dispatch = dispatch
    }

    func pending(_ workerType: Int) -> Int { pendingTasks[workerType].count }

    /// Number of pending tasks of all worker types.
    var pending: Int { pendingTasks.reduce(0) { $0 + $1.count } }

    // MARK: Events

    var nextEvent: Double? { events.nextTime }

    mutating func add(_ event: EventQueue.Event, at time: Double) { events.add(event, at: time) }

    /// Processes the next event.
    ///
    /// - Returns: the event if it concerns a pool and not a worker.
    mutating func step() -> (time: Double, event: EventQueue.Event)? {
        guard let (now, event) = events.removeFirst() else { return nil }
        switch event {
        case .booted(let instance): boot(instance, now)
        case .claims(let instance): beginClaiming(instance, now)
        case .countsAsRunning(let instance): countAsRunning(instance)
        case .taskEnded(let task, let instance): end(task, on: instance, now)
        case .idleTimeout(let instance, let serial):
            if instances[instance].endedAt == nil, instances[instance].idleSerial == serial {
                remove(instance, .idle, now)
            }
        case .interrupted(let instance): interrupt(instance, now)
        case .capacityLost: return (now, event)
        }
        return nil
    }

    /// Adds a task. A random worker with free capacity takes it at once: the order in which workers poll the Queue is
    /// random.
    mutating func arrive(workerType: Int, _ task: TaskLoad.Task) {
        let now = task.arrival
        tasks.append(
            Task(workerType: workerType, arrival: now, duration: task.duration, pendingSince: now))
        let id = tasks.count - 1
        let free = free[workerType]
        if free.isEmpty {
            pendingTasks[workerType].append(id)
        } else {
            start(id, on: free[Int.random(in: 0..<free.count, using: &dispatch)], now)
        }
    }

    /// Launches an instance, which begins to boot.
    @discardableResult
    mutating func launch(_ bid: Bid, workerType: Int, pool: Int, now: Double, boot: Double) -> Int {
        let id = instances.count
        instances.append(
            Instance(
                workerType: workerType, pool: pool, capacity: bid.capacity, market: bid.market,
                launchedAt: now, poolIndex: byPool[pool].count))
        byPool[pool].append(id)
        holdings[workerType][pool, default: 0] += bid.capacity
        records[pool].launch(now)
        tallies[workerType].booting += bid.capacity
        alive += 1
        events.add(.booted(instance: id), at: now + boot)
        return id
    }

    private mutating func boot(_ id: Int, _ now: Double) {
        guard instances[id].endedAt == nil else { return }
        instances[id].bootedAt = now
        // Without a delay there is no event, so that the order of the other events stays the same.
        if claimGrace > 0 {
            events.add(.countsAsRunning(instance: id), at: now + claimGrace)
        } else {
            countAsRunning(id)
        }
        if conditions.claimDelay > 0 {
            events.add(.claims(instance: id), at: now + conditions.claimDelay)
        } else {
            beginClaiming(id, now)
        }
    }

    private mutating func countAsRunning(_ id: Int) {
        guard instances[id].endedAt == nil else { return }
        let type = instances[id].workerType
        instances[id].countsAsRunning = true
        tallies[type].booting -= instances[id].capacity
        tallies[type].running += instances[id].capacity
    }

    private mutating func beginClaiming(_ id: Int, _ now: Double) {
        guard instances[id].endedAt == nil else { return }
        setFree(id, true)
        startTasks(id, now)
    }

    private mutating func end(_ task: Int, on id: Int, _ now: Double) {
        guard instances[id].endedAt == nil, tasks[task].instance == id else { return }
        tasks[task].isDone = true
        done += 1
        claimedTasks[instances[id].workerType] -= 1
        instances[id].tasks.removeAll { $0 == task }
        setFree(id, true)
        startTasks(id, now)
    }

    /// Starts pending tasks on a worker. A worker without a task becomes idle.
    private mutating func startTasks(_ id: Int, _ now: Double) {
        let type = instances[id].workerType
        while instances[id].tasks.count < instances[id].capacity, let task = pendingTasks[type].popFirst() {
            start(task, on: id, now)
        }
        if instances[id].tasks.isEmpty {
            instances[id].idleSerial += 1
            events.add(
                .idleTimeout(instance: id, serial: instances[id].idleSerial), at: now + conditions.idleTimeout
            )
        }
    }

    private mutating func start(_ task: Int, on id: Int, _ now: Double) {
        tasks[task].waited += now - tasks[task].pendingSince
        tasks[task].startedAt = now
        tasks[task].instance = id
        instances[id].tasks.append(task)
        claimedTasks[instances[id].workerType] += 1
        instances[id].idleSerial += 1
        if instances[id].tasks.count == instances[id].capacity { setFree(id, false) }
        events.add(.taskEnded(task: task, instance: id), at: now + tasks[task].duration)
    }

    /// Interrupts an instance. Its tasks become pending again.
    mutating func interrupt(_ id: Int, _ now: Double) {
        guard instances[id].endedAt == nil else { return }
        interrupted += 1
        remove(id, .interrupted, now)
    }

    /// Terminates an instance. Its tasks become pending again.
    mutating func terminate(_ id: Int, _ now: Double) {
        if instances[id].endedAt == nil { remove(id, .terminated, now) }
    }

    private mutating func remove(_ id: Int, _ ending: Ending, _ now: Double) {
        let instance = instances[id]
        instances[id].endedAt = now
        instances[id].ending = ending
        instances[id].tasks = []
        claimedTasks[instance.workerType] -= instance.tasks.count
        if instance.countsAsRunning {
            tallies[instance.workerType].running -= instance.capacity
        } else {
            tallies[instance.workerType].booting -= instance.capacity
        }
        alive -= 1
        holdings[instance.workerType][instance.pool, default: 0] -= instance.capacity
        records[instance.pool].end(instance.launchedAt, now, interrupted: ending == .interrupted)
        setFree(id, false)
        if let last = byPool[instance.pool].popLast(), last != id {
            byPool[instance.pool][instance.poolIndex] = last
            instances[last].poolIndex = instance.poolIndex
        }
        for task in instance.tasks.reversed() {
            if let start = tasks[task].startedAt { lostSeconds += now - start }
            tasks[task].instance = nil
            tasks[task].startedAt = nil
            tasks[task].pendingSince = now
            requeue(task, now)
        }
    }

    private mutating func requeue(_ task: Int, _ now: Double) {
        let type = tasks[task].workerType
        if free[type].isEmpty {
            pendingTasks[type].prepend(task)
        } else {
            start(task, on: free[type][Int.random(in: 0..<free[type].count, using: &dispatch)], now)
        }
    }

    private mutating func setFree(_ id: Int, _ isFree: Bool) {
        let type = instances[id].workerType
        if isFree {
            guard instances[id].freeIndex == nil else { return }
            instances[id].freeIndex = free[type].count
            free[type].append(id)
        } else {
            guard let index = instances[id].freeIndex else { return }
            instances[id].freeIndex = nil
            guard let last = free[type].popLast(), last != id else { return }
            free[type][index] = last
            instances[last].freeIndex = index
        }
    }
}
