import ArgumentParser
import Domain
import Formats
import FoundationEssentials

/// A point in time on the command line: `2026-11-24T22:00:00Z`, or `2h` for two hours ago.
struct Moment: ExpressibleByArgument {
    private enum Value: Sendable {
        case time(Date)
        case ago(TimeInterval)
    }

    private let value: Value

    init?(argument: String) {
        if let age = DurationArgument(argument: argument) {
            value = .ago(age.seconds)
        } else if let time = Date(timestamp: argument) {
            value = .time(time)
        } else {
            return nil
        }
    }

    func date(now: Date) -> Date {
        switch value {
        case .time(let time): time
        case .ago(let seconds): now.addingTimeInterval(-seconds)
        }
    }
}
