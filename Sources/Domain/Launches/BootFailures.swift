package import FoundationEssentials

/// Launches of one definition that never checked in, one after another: a broken image or definition.
package struct BootFailures: Hashable, Codable, Sendable {
    /// How many in a row, newest first.
    package let inARow: Int
    /// When the next single launch may be tried; nil while launching is not held back.
    package let heldUntil: Date?
    /// Whether the one launch that may be tried now is all that may be launched.
    package let isProbe: Bool

    /// - Parameter launches: the latest of one worker type, newest first; other definitions' are passed over.
    package init(launches: [Launch], definitionModified: Date, now: Date, rules: ProvisioningRules) {
        var failures = 0
        var latest: Date?
        counting: for launch in launches where launch.definitionModified == definitionModified {
            if launch.state != .failed { latest = max(latest ?? launch.createdAt, launch.createdAt) }
            switch launch.bootOutcome(now: now) {
            case .checkedIn: break counting
            case .failed: failures += 1
            case .unknown: continue
            }
        }
        inARow = failures
        if failures >= rules.bootFailureLimit, let latest {
            let next = latest.addingTimeInterval(rules.bootFailureProbe)
            isProbe = next <= now
            heldUntil = isProbe ? nil : next
        } else {
            isProbe = false
            heldUntil = nil
        }
    }
}

extension Launch {
    fileprivate enum BootOutcome { case checkedIn, failed, unknown }

    /// Whether its worker came up. One that EC2 refused, never fulfilled or took back tells nothing of the image.
    fileprivate func bootOutcome(now: Date) -> BootOutcome {
        if checkedInAt != nil { return .checkedIn }
        switch state {
        case .visible: return instanceId != nil && secretExpires <= now ? .failed : .unknown
        case .ended:
            let isCausedByEC2 = errorCode.map(EC2Codes.isCausedByEC2) ?? false
            return instanceId != nil && !isCausedByEC2 ? .failed : .unknown
        case .stored, .submitted, .failed, .lost: return .unknown
        }
    }
}
