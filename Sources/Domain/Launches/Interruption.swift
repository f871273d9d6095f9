public import FoundationEssentials

/// A spot instance that EC2 took back.
public struct Interruption: Hashable, Codable, Sendable {
    public let instanceId: String
    public let launchId: String
    public let workerType: String
    public let pool: Pool
    /// EC2's code: the instance's state reason, or the status of its request.
    public let reason: String
    /// When it was seen.
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

    /// State reasons of instances that EC2 took back. Source: Amazon EC2 API Reference, StateReason.
    private static let stateReasons: Set<String> = [
        "Server.SpotInstanceTermination", "Server.SpotInstanceShutdown",
    ]

    /// Nil when the launch's instance lives, or went some other way.
    init?(_ launch: Launch, instance: Instance?, request: SpotRequest?, now: Date) {
        guard launch.market == .spot, let id = launch.instanceId else { return nil }
        let code: String
        if let reason = instance?.stateReason, Self.isInterruption(reason) {
            code = reason
        } else if let status = request?.statusCode, SpotRequestStatus.isInterruption(status) {
            code = status
        } else {
            return nil
        }
        self.init(
            instanceId: id, launchId: launch.id, workerType: launch.workerType, pool: launch.pool,
            reason: code, at: now)
    }

    /// Whether a state reason or a request's status says that EC2 took the instance back.
    public static func isInterruption(_ code: String) -> Bool {
        stateReasons.contains(code) || SpotRequestStatus.isInterruption(code)
    }
}

/// How often spot instances of a pool were taken back, and in how much time.
public struct InterruptionRate: Hashable, Codable, Sendable {
    public let interruptions: Int
    /// Hours that spot instances existed in the pool, all added up.
    public let instanceHours: Double

    public init(interruptions: Int, instanceHours: Double) {
        self.interruptions = interruptions
        self.instanceHours = instanceHours
    }

    /// Interruptions in 100 instance-hours; of less than one hour nothing is concluded beyond that hour.
    public var per100Hours: Double { 100 * Double(interruptions) / max(instanceHours, 1) }
}
