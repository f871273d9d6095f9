import DequeModule
import FoundationEssentials

/// Pending tasks, the workers that run them, and their totals.
struct SimulatedWork: Sendable {
    private struct Worker {
        let workerType: String
        let capacity: Int
        var running: [(task: SimulatedTask, end: Date)] = []
        var idleSince: Date
    }

    /// Tasks that have not arrived yet, in order of arrival.
    private var future: Deque<SimulatedTask>
    /// Pending tasks by worker type.
    private var pending: [String: Deque<SimulatedTask>] = [:]
    private var workers: [String: Worker] = [:]

    /// Waiting times of the started tasks, seconds.
    private(set) var waits: [TimeInterval] = []
    private(set) var done = 0
    /// The durations of the completed tasks, by worker type. Seconds.
    private(set) var workSecondsByType: [String: TimeInterval] = [:]

    /// The durations of all completed tasks. Seconds.
    var workSeconds: TimeInterval { workSecondsByType.values.reduce(0, +) }

    /// The ids of the instances with a worker.
    var workingInstances: Set<String> { Set(workers.keys) }

    /// A worker without tasks shuts its instance down after this time. Seconds.
    static let idleTimeout: TimeInterval = 600

    init(tasks: [SimulatedTask]) {
        future = Deque(tasks.sorted { $0.arrival < $1.arrival })
    }

    /// Number of pending tasks of a worker type.
    func pendingTasks(_ workerType: String) -> Int { pending[workerType]?.count ?? 0 }

    func isWorking(_ instance: String) -> Bool { workers[instance] != nil }

    mutating func start(worker instance: String, workerType: String, capacity: Int, now: Date) {
        workers[instance] = Worker(workerType: workerType, capacity: capacity, idleSince: now)
    }

    /// Removes the worker of an instance that ended. Its tasks become pending again, before the others.
    mutating func removeWorker(_ instance: String) {
        guard let worker = workers.removeValue(forKey: instance) else { return }
        pending[worker.workerType, default: []].prepend(contentsOf: worker.running.map(\.task))
    }

    /// Adds arrived tasks, ends and starts tasks on the workers.
    ///
    /// - Returns: instances that shut down because their workers are idle.
    mutating func advance(to now: Date) -> [String] {
        while let task = future.first, task.arrival <= now {
            future.removeFirst()
            pending[task.workerType, default: []].append(task)
        }
        var idle: [String] = []
        for id in workers.keys.sorted() {
            guard var worker = workers[id] else { continue }
            let ended = worker.running.filter { $0.end <= now }
            worker.running.removeAll { $0.end <= now }
            done += ended.count
            workSecondsByType[worker.workerType, default: 0] += ended.reduce(0) { $0 + $1.task.duration }
            if let last = ended.map(\.end).max() { worker.idleSince = last }
            while worker.running.count < worker.capacity, let task = pending[worker.workerType]?.popFirst() {
                waits.append(now.timeIntervalSince(task.arrival))
                worker.running.append((task, now.addingTimeInterval(task.duration)))
            }
            workers[id] = worker
            if worker.running.isEmpty, now.timeIntervalSince(worker.idleSince) >= Self.idleTimeout {
                workers[id] = nil
                idle.append(id)
            }
        }
        return idle
    }
}
