import Domain
package import FoundationEssentials

/// A task of the simulated load.
package struct SimulatedTask: Codable, Sendable, Hashable {
    package let workerType: String
    package let arrival: Date
    /// Seconds.
    package let duration: TimeInterval

    package init(workerType: String, arrival: Date, duration: TimeInterval) {
        self.workerType = workerType
        self.arrival = arrival
        self.duration = duration
    }
}

/// The tasks that wait, the workers that run them, and what came of both.
struct SimulatedWork: Sendable {
    private struct Worker {
        let workerType: String
        let capacity: Int
        var running: [(task: SimulatedTask, end: Date)] = []
        var idleSince: Date
    }

    /// Not yet arrived; latest first.
    private var future: [SimulatedTask]
    private var waiting: [String: [SimulatedTask]] = [:]
    private var workers: [String: Worker] = [:]

    private(set) var waits: [TimeInterval] = []
    private(set) var done = 0
    private(set) var workSeconds: TimeInterval = 0

    /// A worker without work for this long shuts its instance down. Seconds.
    static let patience: TimeInterval = 600

    init(tasks: [SimulatedTask]) {
        future = tasks.sorted { $0.arrival > $1.arrival }
    }

    func pending(_ workerType: String) -> Int { waiting[workerType]?.count ?? 0 }

    func isWorking(_ instance: String) -> Bool { workers[instance] != nil }

    mutating func start(worker instance: String, workerType: String, capacity: Int, now: Date) {
        workers[instance] = Worker(workerType: workerType, capacity: capacity, idleSince: now)
    }

    /// The instance is gone: its tasks wait again.
    mutating func lose(_ instance: String) {
        guard let worker = workers.removeValue(forKey: instance) else { return }
        waiting[worker.workerType, default: []].insert(contentsOf: worker.running.map(\.task), at: 0)
    }

    /// Tasks arrive, end and begin.
    ///
    /// - Returns: instances whose workers shut down for want of work.
    mutating func advance(to now: Date) -> [String] {
        while let task = future.last, task.arrival <= now {
            future.removeLast()
            waiting[task.workerType, default: []].append(task)
        }
        var leaving: [String] = []
        for id in workers.keys.sorted() {
            guard var worker = workers[id] else { continue }
            let ended = worker.running.filter { $0.end <= now }
            worker.running.removeAll { $0.end <= now }
            done += ended.count
            workSeconds += ended.reduce(0) { $0 + $1.task.duration }
            if let last = ended.map(\.end).max() { worker.idleSince = last }
            while worker.running.count < worker.capacity,
                let task = waiting[worker.workerType]?.first
            {
                waiting[worker.workerType]?.removeFirst()
                waits.append(now.timeIntervalSince(task.arrival))
                worker.running.append((task, now.addingTimeInterval(task.duration)))
            }
            workers[id] = worker
            if worker.running.isEmpty, now.timeIntervalSince(worker.idleSince) >= Self.patience {
                workers[id] = nil
                leaving.append(id)
            }
        }
        return leaving
    }
}
