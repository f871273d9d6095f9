import Domain
import FoundationEssentials

/// The faults of a soak. They depend on the seed and the time alone, so that two provisioners meet the same ones.
struct SoakFaults: Sendable {
    enum Outage: Sendable {
        /// EC2 answers launches with 500.
        case launches
        /// No call has a response.
        case everything
    }

    /// The fault of a single launch call.
    enum CallFault: Sendable {
        case throttled
        /// The call does not take effect.
        case unanswered
        /// The call takes effect, and its response is lost.
        case lostResponse
        case unknownCode
        case noCapacity
    }

    let seed: UInt64
    let start: Date

    private func minutes(_ now: Date) -> Double { now.timeIntervalSince(start) / 60 }

    /// A number from 0 to below 1 that is the same for the same words.
    private func draw(_ words: String...) -> Double {
        let hash = StableHash.fnv1a("\(seed) \(words.joined(separator: " "))".utf8)
        var random = SeededRandom(seed: hash)
        return random.fraction()
    }

    /// Whether an event is under way that begins at most once in each window of time, with a probability.
    private func isUnderWay(
        _ event: String, at now: Date, window: Double, probability: Double, minutes: ClosedRange<Double>
    ) -> Bool {
        let number = (self.minutes(now) / window).rounded(.down)
        let name = "\(event) \(number)"
        guard draw(name, "happens") < probability else { return false }
        let length = minutes.lowerBound + draw(name, "length") * (minutes.upperBound - minutes.lowerBound)
        let begin = number * window + draw(name, "begin") * (window - length)
        return (begin..<begin + length).contains(self.minutes(now))
    }

    func outage(of region: String, at now: Date) -> Outage? {
        guard isUnderWay("outage \(region)", at: now, window: 360, probability: 0.3, minutes: 10...60) else {
            return nil
        }
        let window = (minutes(now) / 360).rounded(.down)
        return draw("kind of outage", region, "\(window)") < 0.5 ? .launches : .everything
    }

    func isQueueOut(at now: Date) -> Bool {
        isUnderWay("queue", at: now, window: 720, probability: 0.5, minutes: 5...15)
    }

    /// Whether a pool has no capacity for new instances.
    func isExhausted(_ pool: Pool, at now: Date) -> Bool {
        isUnderWay("pool \(pool)", at: now, window: 240, probability: 0.25, minutes: 15...120)
    }

    /// The seconds by which the provisioner's clock is ahead.
    func clockOffset(at now: Date) -> TimeInterval {
        guard isUnderWay("clock", at: now, window: 480, probability: 0.6, minutes: 2...8) else { return 0 }
        let offsets: [TimeInterval] = [7200, 600, 200, -30, -400, -3600]
        let window = (minutes(now) / 480).rounded(.down)
        return offsets[Int(draw("offset", "\(window)") * Double(offsets.count))]
    }

    /// The fault of a launch call.
    ///
    /// - Parameter attempt: the number of earlier calls with the client token.
    func callFault(_ clientToken: String, attempt: Int) -> CallFault? {
        switch draw("call", clientToken, "\(attempt)") {
        case ..<0.01: .throttled
        case ..<0.015: .unanswered
        case ..<0.02: .lostResponse
        case ..<0.025: .unknownCode
        case ..<0.05: .noCapacity
        default: nil
        }
    }

    /// The time after which EC2 shows a new instance in lists. Seconds.
    func visibilityDelay(_ instanceId: String) -> TimeInterval {
        let drawn = draw("delay", instanceId)
        return drawn < 0.7 ? 0 : (drawn - 0.7) / 0.3 * 120
    }
}
