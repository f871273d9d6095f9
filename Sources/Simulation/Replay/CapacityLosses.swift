import Domain
import Formats

/// The losses of spot capacity in a replay: EC2 withdraws capacity from a pool, and interrupts a share of its instances
/// within minutes, those included that it launches meanwhile.
///
/// Source: EC2 interrupts over 92 % of the further instances of a pool within three minutes of the first.
struct CapacityLosses: Sendable {
    /// What causes the losses of a pool, by a rate or a recorded trace.
    private enum Source: Sendable {
        /// Losses an hour.
        case rate(Double)
        case trace(PlacedTrace)
    }

    /// A loss, and the stream that it is an event of.
    struct Loss: Sendable {
        let stream: Int
        /// Seconds since the beginning.
        let time: Double
        /// Share of the instances that EC2 interrupts.
        let share: Double
    }

    /// Mean time from the loss to an interruption. Seconds. 98 % of the instances of the pool follow the first within three
    /// minutes; instances that are launched during the loss lower this share.
    private static let delay = 45.0
    /// Share of a pool's instances that a loss by rate interrupts: the mean of recorded groups of four instances.
    private static let share = 0.75

    private var streams: [(pool: Int, source: Source)] = []
    /// The last loss of each pool.
    private var latest: [Int: Loss] = [:]
    private var times: SeededRandom
    private var hits: SeededRandom

    /// - Parameters:
    ///   - times: draws the losses, which are the same for all policies.
    ///   - hits: draws the interrupted instances.
    init(_ scenario: Scenario, times: SeededRandom, hits: SeededRandom) {
        var times = times
        for (pool, series) in scenario.prices.series.enumerated() {
            // Each instance keeps the rate of its pool.
            let rate = scenario.interruptions.perHour(series.pool) / Self.share
            if rate > 0 { streams.append((pool, .rate(rate))) }
            if let trace = scenario.capacity.flatMap({ PlacedTrace($0.preemption, &times) }) {
                streams.append((pool, .trace(trace)))
            }
        }
        self.times = times
        self.hits = hits
    }

    /// Indices of the independent sequences of losses.
    var indices: Range<Int> { streams.indices }

    func pool(of loss: Loss) -> Int { streams[loss.stream].pool }

    /// Draws the next loss of a stream after a time; nil when there is none.
    mutating func next(_ stream: Int, after time: Double) -> Loss? {
        switch streams[stream].source {
        case .rate(let perHour):
            return Loss(
                stream: stream, time: time + times.exponential() / perHour * 3600, share: Self.share)
        case .trace(let trace):
            return trace.nextLoss(after: time).map { Loss(stream: stream, time: $0.time, share: $0.share) }
        }
    }

    mutating func begin(_ loss: Loss) { latest[pool(of: loss)] = loss }

    /// Draws the time at which the last loss of a pool interrupts an instance; nil when it does not.
    ///
    /// - Parameter now: the time of the loss, or of the later launch of the instance.
    mutating func interruption(in pool: Int, after now: Double) -> Double? {
        guard let loss = latest[pool], hits.fraction() < loss.share else { return nil }
        let time = loss.time + hits.exponential() * Self.delay
        return time >= now ? time : nil
    }
}
