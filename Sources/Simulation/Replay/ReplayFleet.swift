import Domain
import Formats

/// The workers and their tasks. Nothing here looks at all instances, or at all tasks: each event costs the same,
/// however long the run.
struct ReplayFleet: Sendable {
    struct Instance: Sendable {
        let workerType: Int
        /// In the price history.
        let pool: Int
        let capacity: Int
        let market: Market
        let launchedAt: Double
        var bootedAt: Double?
        var endedAt: Double?
        var ending = Ending.alive
        var tasks: [Int] = []
        /// Counts the times that it began or ceased to be without a task.
        var idleSerial = 0
        /// In the list of workers with room; nil when it has none.
        var placeInFree: Int?
        var placeInPool = 0
    }

    enum Ending: Sendable { case alive, idle, interrupted, terminated }

    struct Task: Sendable {
        let workerType: Int
        let arrival: Double
        let duration: Double
        var waitingSince: Double
        var waited = 0.0
        /// When the run that came to its end began, or the one that is under way.
        var startedAt: Double?
        var instance: Int?
        var isDone = false
    }

    /// Tasks that wait, first come first served; those that lost their instance come first.
    private struct Waiting: Sendable {
        private var back: [Int] = []
        private var head = 0
        private var front: [Int] = []

        var count: Int { front.count + back.count - head }

        mutating func append(_ task: Int) { back.append(task) }
        mutating func putFirst(_ task: Int) { front.append(task) }

        mutating func popFirst() -> Int? {
            if let task = front.popLast() { return task }
            guard head < back.count else { return nil }
            head += 1
            return back[head - 1]
        }
    }

    private(set) var instances: [Instance] = []
    private(set) var tasks: [Task] = []
    /// By worker type.
    private(set) var tallies: [CapacityTally]
    /// Living instances of each pool.
    private(set) var byPool: [[Int]]
    /// By worker type, the capacity of its living instances in each pool.
    private(set) var holdings: [[Int: Int]]
    private(set) var records: [PoolRecord]
    private var waiting: [Waiting]
    /// Workers with room, by worker type.
    private var free: [[Int]]
    private var events: EventQueue
    private var dispatch: SeededRandom
    private let idleTimeout: Double

    private(set) var done = 0
    private(set) var alive = 0
    private(set) var interrupted = 0
    /// Capacity of the instances that were interrupted.
    private(set) var interruptedCapacity = 0
    private(set) var lostSeconds = 0.0

    init(workerTypes: Int, pools: Int, idleTimeout: Double, dispatch: SeededRandom) {
        tallies = Array(repeating: CapacityTally(), count: workerTypes)
        waiting = Array(repeating: Waiting(), count: workerTypes)
        free = Array(repeating: [], count: workerTypes)
        byPool = Array(repeating: [], count: pools)
        holdings = Array(repeating: [:], count: workerTypes)
        records = Array(repeating: PoolRecord(), count: pools)
        events = EventQueue()
        self.idleTimeout = idleTimeout
        self.dispatch = dispatch
    }

    func pending(_ workerType: Int) -> Int { waiting[workerType].count }

    /// Tasks that have arrived and neither run nor are done.
    var pending: Int { waiting.reduce(0) { $0 + $1.count } }

    // MARK: Events

    var nextEvent: Double? { events.nextTime }

    mutating func add(_ event: EventQueue.Event, at time: Double) { events.add(event, at: time) }

    /// Carries out what a worker does by itself.
    ///
    /// - Returns: the event if it is not the workers' own.
    mutating func step() -> (time: Double, event: EventQueue.Event)? {
        guard let (now, event) = events.removeFirst() else { return nil }
        switch event {
        case .booted(let instance): boot(instance, now)
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

    /// A task arrives. A worker with room takes it at once; which of several is chance, as they poll the queue.
    mutating func arrive(workerType: Int, _ task: TaskLoad.Task) {
        let now = task.arrival
        tasks.append(
            Task(workerType: workerType, arrival: now, duration: task.duration, waitingSince: now))
        let id = tasks.count - 1
        let free = free[workerType]
        if free.isEmpty {
            waiting[workerType].append(id)
        } else {
            start(id, on: free[Int.random(in: 0..<free.count, using: &dispatch)], now)
        }
    }

    /// An instance is launched: it boots from now on.
    @discardableResult
    mutating func launch(_ bid: Bid, workerType: Int, pool: Int, now: Double, boot: Double) -> Int {
        let id = instances.count
        instances.append(
            Instance(
                workerType: workerType, pool: pool, capacity: bid.capacity, market: bid.market,
                launchedAt: now, placeInPool: byPool[pool].count))
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
        let type = instances[id].workerType
        instances[id].bootedAt = now
        tallies[type].booting -= instances[id].capacity
        tallies[type].running += instances[id].capacity
        setFree(id, true)
        takeWork(id, now)
    }

    private mutating func end(_ task: Int, on id: Int, _ now: Double) {
        guard instances[id].endedAt == nil, tasks[task].instance == id else { return }
        tasks[task].isDone = true
        done += 1
        instances[id].tasks.removeAll { $0 == task }
        setFree(id, true)
        takeWork(id, now)
    }

    /// A worker with room takes what waits; one that is left without any task begins to be idle.
    private mutating func takeWork(_ id: Int, _ now: Double) {
        let type = instances[id].workerType
        while instances[id].tasks.count < instances[id].capacity, let task = waiting[type].popFirst() {
            start(task, on: id, now)
        }
        if instances[id].tasks.isEmpty {
            instances[id].idleSerial += 1
            events.add(
                .idleTimeout(instance: id, serial: instances[id].idleSerial), at: now + idleTimeout)
        }
    }

    private mutating func start(_ task: Int, on id: Int, _ now: Double) {
        tasks[task].waited += now - tasks[task].waitingSince
        tasks[task].startedAt = now
        tasks[task].instance = id
        instances[id].tasks.append(task)
        instances[id].idleSerial += 1
        if instances[id].tasks.count == instances[id].capacity { setFree(id, false) }
        events.add(.taskEnded(task: task, instance: id), at: now + tasks[task].duration)
    }

    /// EC2 takes an instance back: its tasks wait again.
    mutating func interrupt(_ id: Int, _ now: Double) {
        guard instances[id].endedAt == nil else { return }
        interrupted += 1
        interruptedCapacity += instances[id].capacity
        remove(id, .interrupted, now)
    }

    /// An instance is terminated; the tasks that it ran wait again.
    mutating func terminate(_ id: Int, _ now: Double) {
        if instances[id].endedAt == nil { remove(id, .terminated, now) }
    }

    private mutating func remove(_ id: Int, _ ending: Ending, _ now: Double) {
        let instance = instances[id]
        instances[id].endedAt = now
        instances[id].ending = ending
        instances[id].tasks = []
        if instance.bootedAt == nil {
            tallies[instance.workerType].booting -= instance.capacity
        } else {
            tallies[instance.workerType].running -= instance.capacity
        }
        alive -= 1
        holdings[instance.workerType][instance.pool, default: 0] -= instance.capacity
        records[instance.pool].end(instance.launchedAt, now, interrupted: ending == .interrupted)
        setFree(id, false)
        if let last = byPool[instance.pool].popLast(), last != id {
            byPool[instance.pool][instance.placeInPool] = last
            instances[last].placeInPool = instance.placeInPool
        }
        for task in instance.tasks.reversed() {
            if let start = tasks[task].startedAt { lostSeconds += now - start }
            tasks[task].instance = nil
            tasks[task].startedAt = nil
            tasks[task].waitingSince = now
            requeue(task, now)
        }
    }

    private mutating func requeue(_ task: Int, _ now: Double) {
        let type = tasks[task].workerType
        if free[type].isEmpty {
            waiting[type].putFirst(task)
        } else {
            start(task, on: free[type][Int.random(in: 0..<free[type].count, using: &dispatch)], now)
        }
    }

    private mutating func setFree(_ id: Int, _ isFree: Bool) {
        let type = instances[id].workerType
        if isFree {
            guard instances[id].placeInFree == nil else { return }
            instances[id].placeInFree = free[type].count
            free[type].append(id)
        } else {
            guard let place = instances[id].placeInFree else { return }
            instances[id].placeInFree = nil
            guard let last = free[type].popLast(), last != id else { return }
            free[type][place] = last
            instances[last].placeInFree = place
        }
    }
}
