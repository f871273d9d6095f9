package import FoundationEssentials

/// The health of the provisioner, derived from its last finished iteration.
package enum BackendStatus: String, Codable, Sendable, CaseIterable {
    /// No iteration has finished yet.
    case pending
    /// The last iteration finished more than three intervals ago.
    case late
    /// The last iteration failed.
    case failing
    case healthy

    /// - Parameters:
    ///   - finishedAt: of the last iteration.
    ///   - outcome: of the last iteration.
    ///   - interval: seconds between iterations.
    package init(finishedAt: Date?, outcome: IterationOutcome?, interval: TimeInterval, now: Date) {
        guard let finishedAt else {
            self = .pending
            return
        }
        let isLate = now.timeIntervalSince(finishedAt) > 3 * interval
        self = isLate ? .late : outcome == .failed ? .failing : .healthy
    }
}
