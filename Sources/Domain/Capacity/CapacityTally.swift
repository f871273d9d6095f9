/// The capacity that a worker type already has or has asked for, by how far along it is.
package struct CapacityTally: Hashable, Sendable {
    /// Of instances whose worker has checked in.
    package var running: Int
    /// Of instances that boot: EC2 may call them running, but no task runs on them yet.
    package var pending: Int
    /// Of open spot requests, and of launches that EC2 does not show yet.
    package var requested: Int
    /// Of spot requests that were cancelled just now: EC2 may have fulfilled them at the same moment. No task is
    /// left to it, but room is kept for it below maxCapacity until EC2 shows what became of them.
    package var unsettled: Int

    package init(running: Int = 0, pending: Int = 0, requested: Int = 0, unsettled: Int = 0) {
        self.running = running
        self.pending = pending
        self.requested = requested
        self.unsettled = unsettled
    }

    package var total: Int { running + pending + requested }

    /// How much may be added below a maximum; below zero where it is passed already.
    package func room(below maxCapacity: Int) -> Int {
        let room = maxCapacity - total
        return room > 0 ? max(0, room - unsettled) : room
    }
}

extension CapacityTally: Codable {
    private enum CodingKeys: CodingKey { case running, pending, requested, unsettled }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        running = try container.decode(Int.self, forKey: .running)
        pending = try container.decode(Int.self, forKey: .pending)
        requested = try container.decode(Int.self, forKey: .requested)
        // Decisions that were stored before there was such a thing lack it.
        unsettled = try container.decodeIfPresent(Int.self, forKey: .unsettled) ?? 0
    }
}
