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
