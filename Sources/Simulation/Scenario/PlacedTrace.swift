import Domain

/// The capacity trace of one pool.
struct PlacedTrace: Sendable {
    let trace: CapacityTraces.Trace
    /// Position in the trace at the beginning of the run, seconds.
    let offset: Double
    private let losses: [(time: Double, share: Double)]

    /// Selects a random trace and position; nil without traces.
    init?(_ traces: [CapacityTraces.Trace], _ random: inout SeededRandom) {
        guard let trace = traces.randomElement(using: &random) else { return nil }
        self.trace = trace
        losses = trace.losses
        offset = random.fraction() * trace.length
    }

    /// The available share of capacity, by seconds since the beginning of the run.
    func share(at seconds: Double) -> Double { trace.share(at: position(at: seconds)) }

    private func position(at seconds: Double) -> Double {
        (offset + seconds).truncatingRemainder(dividingBy: trace.length)
    }

    /// The next loss of capacity after a time, with the lost share; nil when the trace contains no loss.
    func nextLoss(after seconds: Double) -> (time: Double, share: Double)? {
        let begin = seconds - position(at: seconds)
        for round in 0...1 {
            for loss in losses {
                let time = begin + Double(round) * trace.length + loss.time
                if time > seconds { return (time, loss.share) }
            }
        }
        return nil
    }
}
