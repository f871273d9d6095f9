/// The capacity that a worker type has or has requested.
package struct CapacityTally: Hashable, Sendable {
    /// Of instances whose worker has checked in.
    package var running: Int
    /// Of instances that boot: EC2 may show them as running, but no task runs on them yet.
    package var booting: Int
    /// The part of `booting` whose workers checked in within `claimGrace`, and may have claimed a task.
    package var claiming: Int
    /// Of open spot requests, and of launches that EC2 does not show yet.
    package var requested: Int
    /// Of spot requests that were just cancelled: EC2 may have fulfilled them at the same moment. Not counted
    /// against pending tasks, but still reserved below maxCapacity until EC2 reports the outcome.
    package var unsettled: Int

    package init(
        running: Int = 0, booting: Int = 0, requested: Int = 0, unsettled: Int = 0, claiming: Int = 0
    ) {
        self.running = running
        self.booting = booting
        self.requested = requested
        self.unsettled = unsettled
        self.claiming = claiming
    }

    /// The tally with the running capacity of all workers that checked in, for a Queue that reports claimed tasks.
    package var withoutClaimGrace: CapacityTally {
        var tally = self
        tally.running += claiming
        tally.booting -= claiming
        tally.claiming = 0
        return tally
    }

    package var total: Int { running + booting + requested }

    /// The capacity that may be added below a maximum; below zero where the tally passes it.
    package func headroom(below maxCapacity: Int) -> Int {
        let headroom = maxCapacity - total
        return headroom > 0 ? max(0, headroom - unsettled) : headroom
    }
}

extension CapacityTally: Codable {
    private enum CodingKeys: String, CodingKey {
        case running
        // The key of decisions that older programs stored.
        case booting = "pending"
        case requested, unsettled, claiming
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        running = try container.decode(Int.self, forKey: .running)
        booting = try container.decode(Int.self, forKey: .booting)
        requested = try container.decode(Int.self, forKey: .requested)
        // Missing in decisions that older programs stored.
        unsettled = try container.decodeIfPresent(Int.self, forKey: .unsettled) ?? 0
        claiming = try container.decodeIfPresent(Int.self, forKey: .claiming) ?? 0
    }
}
