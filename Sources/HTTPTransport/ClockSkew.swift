package import FoundationEssentials

/// The difference between this machine's clock and that of a service.
package struct ClockSkew: Hashable, Sendable, CustomStringConvertible {
    /// Seconds by which this machine's clock is ahead; negative where it is behind.
    package let seconds: TimeInterval

    package init(seconds: TimeInterval) { self.seconds = seconds }

    /// Whether an operator should correct the clock: more than two minutes. AWS refuses signatures of clocks that differ by
    /// more than five.
    package var isSignificant: Bool { abs(seconds) > 120 }

    /// Whether ages by this clock are wrong: more than five minutes, because a response may be so old.
    package var falsifiesAges: Bool { abs(seconds) > 300 }

    /// The smallest skew: a slow response, or one wrong clock of a service, does not count.
    package static func smallest(of skews: some Sequence<ClockSkew>) -> ClockSkew? {
        skews.min { abs($0.seconds) < abs($1.seconds) }
    }

    /// `this machine's clock is 7 minutes behind`.
    package var description: String {
        let minutes = Int((min(abs(seconds), 1e12) / 60).rounded())
        return "this machine's clock is \(minutes) minutes \(seconds < 0 ? "behind" : "ahead")"
    }
}

extension HTTPResponse {
    /// The difference between the clock and the header `Date`. Nil without a valid header.
    package func clockSkew(now: Date) -> ClockSkew? {
        headers["date"].flatMap(Self.date).map { ClockSkew(seconds: now.timeIntervalSince($0)) }
    }
}
