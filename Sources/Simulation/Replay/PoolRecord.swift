/// What a pool's instances have been through so far.
struct PoolRecord: Sendable {
    private(set) var interruptions = 0
    private var alive = 0.0
    /// Launch times of the living, added up.
    private var launches = 0.0
    private var endedSeconds = 0.0

    mutating func launch(_ now: Double) {
        alive += 1
        launches += now
    }

    mutating func end(_ launchedAt: Double, _ now: Double, interrupted: Bool) {
        alive -= 1
        launches -= launchedAt
        endedSeconds += now - launchedAt
        if interrupted { interruptions += 1 }
    }

    /// Of all instances together, those that live included.
    func instanceHours(_ now: Double) -> Double {
        max(0, endedSeconds + alive * now - launches) / 3600
    }
}
