/// The tasks of one worker type.
package struct TaskLoad: Hashable, Sendable {
    package struct Task: Hashable, Sendable {
        /// Seconds since the beginning of the run.
        package let arrival: Double
        /// Seconds.
        package let duration: Double

        package init(arrival: Double, duration: Double) {
            self.arrival = arrival
            self.duration = duration
        }
    }

    package let workerType: String
    /// In order of arrival.
    package let tasks: [Task]

    package init(workerType: String, tasks: [Task]) {
        self.workerType = workerType
        self.tasks = tasks.enumerated().sorted {
            ($0.element.arrival, $0.offset) < ($1.element.arrival, $1.offset)
        }.map(\.element)
    }

    /// Reads `arrival_s,duration_s`.
    package init(workerType: String, csv bytes: [UInt8], source: String) throws {
        var tasks: [Task] = []
        try CSV.read(bytes, source: source, columns: ["arrival_s", "duration_s"]) { row in
            let arrival = try row.number(0, "arrival_s", in: 0...1_000_000_000)
            let duration = try row.number(1, "duration_s", in: 0...10_000_000)
            tasks.append(Task(arrival: arrival, duration: duration))
        }
        if tasks.isEmpty { throw DataError(source, "has no task") }
        self.init(workerType: workerType, tasks: tasks)
    }
}
