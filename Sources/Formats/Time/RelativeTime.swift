/// A length of time for people, in one unit.
package enum RelativeTime {
    /// `34 s`, `10 min`, `5 h` or `12 days`, rounded down. A negative length counts as 0.
    package static func text(_ seconds: Double) -> String {
        switch max(0, seconds) {
        case let seconds where seconds < 120: "\(Int(seconds)) s"
        case let seconds where seconds < 7200: "\(Int(seconds / 60)) min"
        case let seconds where seconds < 172_800: "\(Int(seconds / 3600)) h"
        case let seconds: "\(Int(min(seconds / 86_400, 1e6))) days"
        }
    }

    /// `34 s ago`.
    package static func ago(_ seconds: Double) -> String { text(seconds) + " ago" }
}
