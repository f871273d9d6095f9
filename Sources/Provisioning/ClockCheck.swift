import Domain
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

    /// The time by which booting instances are counted: EC2's time, where the clock is wrong. Else the secrets of booting
    /// instances could seem expired, and their capacity would be bought again.
    func time(_ now: Date) -> Date {
        if case .disagrees(let seconds) = self { now.addingTimeInterval(-seconds) } else { now }
    }
}
