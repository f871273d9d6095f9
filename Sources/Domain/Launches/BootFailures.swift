package import FoundationEssentials

/// Consecutive launches of one definition that never checked in, which indicate a broken image or definition.
package struct BootFailures: Hashable, Codable, Sendable {
    /// The number of consecutive failures, up to the newest launch.
    package let inARow: Int
    /// When the next single launch is allowed; nil while launches are not held.
    package let heldUntil: Date?
    /// Whether only a single launch is allowed now.
    package let isProbe: Bool

    /// - Parameter launches: the latest launches of one worker type, newest first. Launches of other definitions are skipped.
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

    /// Whether its worker checked in. A launch that EC2 refused, did not fulfil or reclaimed is no evidence.
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
