import Domain
import FoundationEssentials
import HTTPTransport

/// The decisions of an iteration that depend on the clock. With a wrong clock, secrets of booting instances would expire,
/// and healthy instances would be too old.
struct ClockCheck {
    /// The smallest skew of the regions that were read; nil where no response contains a time.
    private let skew: ClockSkew?

    /// - Parameters:
    ///   - states: the regions that were read.
    ///   - now: the time before the reads.
    init(_ states: [RegionState], now: Date) {
        skew = .smallest(
            of: states.compactMap { $0.respondedAt.map { ClockSkew(seconds: now.timeIntervalSince($0)) } })
    }

    /// Whether old records may be deleted.
    var allowsPurging: Bool { skew?.falsifiesAges == false }

    /// Whether the age of a resource may end it.
    var allowsEndingByAge: Bool { skew?.falsifiesAges != true }

    /// EC2's time, where the clock is wrong. By a wrong clock, secrets of booting instances seem expired, new launches seem
    /// lost, and holds last for hours after the clock was corrected.
    func time(_ now: Date) -> Date {
        if let skew, skew.falsifiesAges { now.addingTimeInterval(-skew.seconds) } else { now }
    }
}
