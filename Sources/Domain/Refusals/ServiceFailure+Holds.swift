extension ServiceFailure {
    /// Whether another pool may replace the capacity of a bid that failed this way in the same iteration.
    package var mayReselect: Bool { HoldRule.rule(for: kind) != nil }

    /// Whether the call lacks valid credentials or a right.
    package var isMisconfiguration: Bool { kind == .unauthorized || kind == .credentials }

    /// Whether the call may have taken effect, or may still take effect when it is repeated.
    package var leavesOpen: Bool { kind == .throttled || kind == .unreachable || kind == .tokenUsed }

    /// The failure of a region in which launches in a row had no response.
    static func unresponsive(_ region: String, after failure: ServiceFailure) -> ServiceFailure {
        ServiceFailure(
            kind: .unresponsive, code: "no-response",
            message:
                "\(RoundRefusals.unansweredLimit) launches in a row in \(region) had no response (\(failure))"
        )
    }
}

extension BidResult {
    /// The failure that a hold follows from; nil where none does.
    var holdingFailure: ServiceFailure? {
        switch outcome {
        case .failed: failure
        // A region without responses fails before it is tried again.
        case .skipped: failure?.kind == .unresponsive ? failure : nil
        case .launched, .unanswered, .planned: nil
        }
    }
}
