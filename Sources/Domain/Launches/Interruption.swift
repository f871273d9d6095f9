package import FoundationEssentials

/// A spot instance that EC2 reclaimed.
package struct Interruption: Hashable, Codable, Sendable {
    package let instanceId: String
    package let launchId: String
    package let workerType: String
    package let pool: Pool
    /// EC2's code: the instance's state reason, or the status of its request.
    package let reason: String
    /// When an iteration saw it.
    package let at: Date

    package init(
        instanceId: String, launchId: String, workerType: String, pool: Pool, reason: String, at: Date
    ) {
        self.instanceId = instanceId
        self.launchId = launchId
        self.workerType = workerType
        self.pool = pool
        self.reason = reason
        self.at = at
    }

    /// The failure of a pool with so many interruptions at a time; nil where they are fewer than one in twenty of its
    /// instances: most further interruptions of a pool follow within minutes.
    package static func failure(_ interruptions: Int, alive: Int, code: String) -> ServiceFailure? {
        let instances = interruptions + alive
        guard interruptions > 0, interruptions * 20 >= instances else { return nil }
        return ServiceFailure(
            kind: .interrupted, code: code,
            message: "EC2 reclaimed \(interruptions) of \(instances) instances")
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
