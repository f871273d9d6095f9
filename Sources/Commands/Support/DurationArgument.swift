import ArgumentParser
import Configuration
import Formats
import FoundationEssentials

/// A length of time on the command line: `90s`, `10m`, `96h`, `30d`.
struct DurationArgument: ExpressibleByArgument {
    /// Seconds.
    let seconds: TimeInterval

    init(seconds: TimeInterval) { self.seconds = seconds }

    init?(argument: String) {
        guard let seconds = DurationText.seconds(argument) else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { Self.text(seconds) }

    /// For people, in one unit: `34 s`, `10 min`, `5 h`, `12 days`.
    static func text(_ seconds: TimeInterval) -> String {
        switch max(0, seconds) {
        case let seconds where seconds < 120: "\(Int(seconds)) s"
        case let seconds where seconds < 7200: "\(Int(seconds / 60)) min"
        case let seconds where seconds < 172_800: "\(Int(seconds / 3600)) h"
        case let seconds: "\(Int(min(seconds / 86_400, 1e6))) days"
        }
    }
}
