/// The free slots that a worker type keeps for tasks to come.
package enum Headroom: Hashable, Codable, Sendable {
    /// A number of tasks.
    case tasks(Int)
    /// A share of the running capacity; 0.1 is 10 %.
    case share(Double)

    /// The maximum number of tasks.
    package static let mostTasks = 1_000_000

    /// What `init(_:)` accepts, for messages.
    package static let form = "a number of tasks from 0 to \(mostTasks), or a share from 0% to 100%"

    /// Parses a number of tasks, such as `5`, or a share of the running capacity, such as `10%`.
    package init?(_ text: some StringProtocol) {
        if text.last == "%" {
            guard let percent = Double(text.dropLast()), (0...100).contains(percent) else { return nil }
            self = .share(percent / 100)
        } else {
            guard let tasks = Int(text), (0...Self.mostTasks).contains(tasks) else { return nil }
            self = .tasks(tasks)
        }
    }

    /// The number of free slots beside a running capacity.
    package func slots(running: Int) -> Int {
        switch self {
        case .tasks(let tasks): tasks
        case .share(let share): Int((share * Double(max(0, running))).rounded())
        }
    }
}
