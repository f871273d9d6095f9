package import FoundationEssentials

/// How the iterations are, told from the last one that finished.
package enum BackendStatus: String, Codable, Sendable, CaseIterable {
    /// None has finished yet.
    case pending
    /// The last one is longer ago than three intervals.
    case late
    /// The last one could do nothing.
    case failing
    case healthy

    /// - Parameters:
    ///   - finishedAt: of the last iteration that was no dry run.
    ///   - interval: seconds between iterations.
    package init(finishedAt: Date?, outcome: String?, interval: TimeInterval, now: Date) {
        guard let finishedAt else {
            self = .pending
            return
        }
        let isLate = now.timeIntervalSince(finishedAt) > 3 * interval
        self = isLate ? .late : outcome == "failed" ? .failing : .healthy
    }
}
