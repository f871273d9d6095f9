import ArgumentParser
import Configuration
import Formats
import FoundationEssentials

/// A length of time above zero on the command line: `90s`, `10m`, `96h`, `30d`.
struct DurationArgument: ExpressibleByArgument {
    /// Seconds.
    let seconds: TimeInterval

    init(seconds: TimeInterval) { self.seconds = seconds }

    init?(argument: String) {
        guard let seconds = DurationText.seconds(argument) else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { RelativeTime.text(seconds) }
}
