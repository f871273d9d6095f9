import ArgumentParser
import Configuration
import Formats
import FoundationEssentials

/// A unit of time.
protocol TimeUnit: Sendable {
    static var seconds: TimeInterval { get }
}

enum Seconds: TimeUnit { static let seconds: TimeInterval = 1 }
enum Minutes: TimeUnit { static let seconds: TimeInterval = 60 }
enum Hours: TimeUnit { static let seconds: TimeInterval = 3600 }
enum Days: TimeUnit { static let seconds: TimeInterval = 86_400 }

/// A length of time on the command line, `90s`, `10m`, `96h` or `30d`, where a plain number has a documented unit and zero
/// is valid.
struct DurationIn<Unit: TimeUnit>: ExpressibleByArgument, Sendable {
    /// The length in the unit.
    let value: Double

    var seconds: TimeInterval { value * Unit.seconds }

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        guard
            let seconds = DurationText.seconds(argument, plainUnit: Unit.seconds, allowsZero: true)
        else { return nil }
        value = seconds / Unit.seconds
    }

    var defaultValueDescription: String { RelativeTime.text(seconds) }
}
