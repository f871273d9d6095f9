package import FoundationEssentials

/// A requested termination of an instance.
package struct TerminationRecord: Hashable, Codable, Sendable {
    package let instanceId: String
    package let region: String
    package let workerType: String
    package let launchId: String?
    package var reason: TerminationPlan.Reason
    /// When EC2 first accepted the request.
    package let askedAt: Date
    /// When EC2 last accepted the request.
    package var lastAskedAt: Date
    /// The number of accepted requests.
    package var attempts: Int

    package init(
        instanceId: String, region: String, workerType: String, launchId: String?,
        reason: TerminationPlan.Reason,
        askedAt: Date, lastAskedAt: Date? = nil, attempts: Int = 1
    ) {
        self.instanceId = instanceId
        self.region = region
        self.workerType = workerType
        self.launchId = launchId
        self.reason = reason
        self.askedAt = askedAt
        self.lastAskedAt = lastAskedAt ?? askedAt
        self.attempts = attempts
    }
}
