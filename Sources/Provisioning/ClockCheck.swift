import Domain
import Formats
import FoundationEssentials

/// The comparison of the clock with the times of EC2's responses. With a wrong clock, secrets of booting instances would
/// expire, and healthy instances would be too old.
enum ClockCheck {
    case agrees
    /// No region was read, or its responses contain no time.
    case unknown
    /// Every time of EC2 differs from the clock: the smallest difference in seconds, above zero where the clock is ahead.
    case disagrees(seconds: TimeInterval)

    /// The tolerated difference, with the duration of the reads. Seconds.
    private static let tolerance: TimeInterval = 5 * 60

    /// - Parameters:
    ///   - states: the regions that were read.
    ///   - now: the time before the reads.
    init(_ states: [RegionState], now: Date) {
        let differences = states.compactMap { $0.respondedAt.map { now.timeIntervalSince($0) } }
        guard let least = differences.min(by: { abs($0) < abs($1) }) else {
            self = .unknown
            return
        }
        self = abs(least) <= Self.tolerance ? .agrees : .disagrees(seconds: least)
    }

    /// Whether old records may be deleted.
    var allowsPurging: Bool { if case .agrees = self { true } else { false } }

    /// Whether the age of a resource may end it.
    var allowsEndingByAge: Bool { if case .disagrees = self { false } else { true } }

    /// The reason to launch nothing: what boots would count as running, and would be bought again.
    var failure: ServiceFailure? {
        guard case .disagrees(let seconds) = self else { return nil }
        return ServiceFailure(
            kind: .other, code: "clock",
            message: "the clock is \(abs(seconds).formatted(decimals: 0)) s "
                + "\(seconds > 0 ? "ahead of" : "behind") EC2's: nothing is launched, and nothing is deleted or terminated "
                + "because of its age; correct the clock")
    }
}
