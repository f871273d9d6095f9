import ArgumentParser
import Domain
import Formats
import FoundationEssentials

/// A point in time on the command line: `2026-11-24T22:00:00Z`, or `2h` for two hours ago or from now.
struct Moment: ExpressibleByArgument {
    private enum Value: Sendable {
        case time(Date)
        case distance(TimeInterval)
    }

    private let value: Value

    init?(argument: String) {
        if let age = DurationArgument(argument: argument) {
            value = .distance(age.seconds)
        } else if let time = Date(timestamp: argument) {
            value = .time(time)
        } else {
            return nil
        }
    }

    /// The time, where a duration leads to the past.
    func date(now: Date) -> Date {
        switch value {
        case .time(let time): time
        case .distance(let seconds): now.addingTimeInterval(-seconds)
        }
    }

    /// The time, where a duration leads to the future.
    func date(after now: Date) -> Date {
        switch value {
        case .time(let time): time
        case .distance(let seconds): now.addingTimeInterval(seconds)
        }
    }
}
