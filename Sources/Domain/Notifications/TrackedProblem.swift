package import FoundationEssentials

/// A problem from its first observation to its end.
package struct TrackedProblem: Hashable, Sendable {
    package let problem: ObservedProblem
    /// The time of the first observation.
    package let beganAt: Date
    /// The time of the notification of its beginning; nil before it.
    package var announcedAt: Date?
    /// The time of the first of the iterations in a row that did not find it; nil while it is found.
    package var absentSince: Date?
    /// The time when its end was certain; nil before it.
    package var endedAt: Date?

    package init(
        _ problem: ObservedProblem, beganAt: Date, announcedAt: Date? = nil, absentSince: Date? = nil,
        endedAt: Date? = nil
    ) {
        self.problem = problem
        self.beganAt = beganAt
        self.announcedAt = announcedAt
        self.absentSince = absentSince
        self.endedAt = endedAt
    }
}
