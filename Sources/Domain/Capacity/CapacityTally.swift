/// The capacity that a worker type already has or has asked for, by how far along it is.
public struct CapacityTally: Hashable, Codable, Sendable {
    /// Of instances whose worker has checked in.
    public var running: Int
    /// Of instances that boot: EC2 may call them running, but no task runs on them yet.
    public var pending: Int
    /// Of open spot requests, and of launches that EC2 does not show yet.
    public var requested: Int

    public init(running: Int = 0, pending: Int = 0, requested: Int = 0) {
        self.running = running
        self.pending = pending
        self.requested = requested
    }

    public var total: Int { running + pending + requested }
}
