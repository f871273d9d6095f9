public import FoundationEssentials

/// A spot instance that EC2 reclaimed.
public struct Interruption: Hashable, Codable, Sendable {
    public let instanceId: String
    public let launchId: String
    public let workerType: String
    public let pool: Pool
    /// EC2's code: the instance's state reason, or the status of its request.
    public let reason: String
    /// When an iteration saw it.
    public let at: Date

    public init(
        instanceId: String, launchId: String, workerType: String, pool: Pool, reason: String, at: Date
    ) {
        self.instanceId = instanceId
        self.launchId = launchId
        self.workerType = workerType
        self.pool = pool
        self.reason = reason
        self.at = at
    }

    /// Creates nil when the instance of the launch is alive or ended for another reason.
    init?(_ launch: Launch, instance: Instance?, request: SpotRequest?, now: Date) {
        guard launch.market == .spot, let id = launch.instanceId else { return nil }
        let codes = [instance?.stateReason, request?.statusCode].compactMap(\.self)
        guard let code = codes.first(where: EC2Codes.isInterruption) else { return nil }
        self.init(
            instanceId: id, launchId: launch.id, workerType: launch.workerType, pool: launch.pool,
            reason: code, at: now)
    }
}

/// How often EC2 reclaimed spot instances of a pool, and in how many instance-hours.
public struct InterruptionRate: Hashable, Codable, Sendable {
    public let interruptions: Int
    /// The lifetimes of the pool's spot instances, added up.
    public let instanceHours: Double

    public init(interruptions: Int, instanceHours: Double) {
        self.interruptions = interruptions
        self.instanceHours = instanceHours
    }

    /// Interruptions in 100 instance-hours. Less than one instance-hour counts as one.
    public var per100Hours: Double { 100 * Double(interruptions) / max(instanceHours, 1) }
}
