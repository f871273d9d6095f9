package import FoundationEssentials

/// The termination of an instance: its reason, its requests to EC2, and the time at which EC2 showed it as ended.
package struct TerminationRecord: Hashable, Codable, Sendable {
    package let instanceId: String
    package let region: String
    package let workerType: String
    package let launchId: String?
    package var reason: TerminationPlan.Reason
    /// When EC2 first took the call.
    package let askedAt: Date
    /// When EC2 last took it.
    package var lastAskedAt: Date
    /// How often EC2 took it.
    package var attempts: Int
    /// When the instance was first seen to shut down, or to be shown no more; nil until then.
    package var goneAt: Date?

    package init(
        instanceId: String, region: String, workerType: String, launchId: String?,
        reason: TerminationPlan.Reason,
        askedAt: Date, lastAskedAt: Date? = nil, attempts: Int = 1, goneAt: Date? = nil
    ) {
        self.instanceId = instanceId
        self.region = region
        self.workerType = workerType
        self.launchId = launchId
        self.reason = reason
        self.askedAt = askedAt
        self.lastAskedAt = lastAskedAt ?? askedAt
        self.attempts = attempts
        self.goneAt = goneAt
    }
}
