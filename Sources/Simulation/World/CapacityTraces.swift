import Domain

/// What could be had of spot capacity over time, probed in reality and laid over the pools of a simulation.
///
/// `availability` traces say which share of attempts to launch succeeds; `preemption` traces when capacity was taken
/// back, and how much of it. Each pool is given one of each kind by the seed, from a point of it by the seed, and
/// begins it anew when it ends: the probed zones and devices are not those of the simulated pools.
package struct CapacityTraces: Sendable {
    struct Trace: Sendable {
        /// Seconds between probes.
        let gap: Double
        /// Instances that were tried for.
        let nodes: Int
        /// Where the number changes, rising.
        var ticks: [Int] = []
        /// How many could be had from each tick on.
        var available: [Int] = []

        var length: Double { Double((ticks.last ?? 0) + 1) * gap }

        /// The share that can be had, so many seconds after the trace's beginning.
        func share(at seconds: Double) -> Double {
            guard let index = index(at: seconds), nodes > 0 else { return 1 }
            return Double(available[index]) / Double(nodes)
        }

        func index(at seconds: Double) -> Int? {
            let tick = Int(seconds / gap)
            return ticks.lastIndex { $0 <= tick }
        }
    }

    private(set) var availability: [Trace] = []
    private(set) var preemption: [Trace] = []

    /// Reads `kind,trace,nodes,availability_zone,device,gap_seconds,tick,available`.
    ///
    /// - Parameter device: only the traces of this device; nil for all.
    package init(csv bytes: [UInt8], source: String, device: String? = nil) throws {
        var traces: [String: (kind: String, trace: Trace)] = [:]
        let columns = [
            "kind", "trace", "nodes", "availability_zone", "device", "gap_seconds", "tick", "available",
        ]
        try CSV.read(bytes, source: source, columns: columns) { row in
            let kind = row.text(0)
            guard kind == "availability" || kind == "preemption" else {
                throw row.problem("kind must be availability or preemption, not \(CSV.quoted(kind))")
            }
            let nodes = Int(try row.number(2, "nodes", in: 1...100_000))
            let gap = try row.number(5, "gap_seconds", in: 1...1_000_000)
            let tick = Int(try row.number(6, "tick", in: 0...1_000_000_000))
            let available = Int(try row.number(7, "available", in: 0...Double(nodes)))
            if let device, device != row.text(4) { return }
            let key = [kind, row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)]
                .joined(separator: ",")
            var (_, trace) = traces[key] ?? (kind, Trace(gap: gap, nodes: nodes))
            if let last = trace.ticks.last, tick <= last {
                throw row.problem("tick \(tick) does not come after \(last)")
            }
            trace.ticks.append(tick)
            trace.available.append(available)
            traces[key] = (kind, trace)
        }
        if traces.isEmpty {
            throw DataError(source, device.map { "has no trace of the device \($0)" } ?? "has no trace")
        }
        for (_, entry) in traces.sorted(by: { $0.key < $1.key }) {
            if entry.kind == "availability" {
                availability.append(entry.trace)
            } else {
                preemption.append(entry.trace)
            }
        }
    }
}

/// A trace as one pool lives it.
struct PlacedTrace: Sendable {
    let trace: CapacityTraces.Trace
    /// Where in the trace the run begins, seconds.
    let offset: Double

    /// One of several by chance; nil when there is none.
    init?(_ traces: [CapacityTraces.Trace], _ random: inout SeededRandom) {
        guard let trace = traces.randomElement(using: &random) else { return nil }
        self.trace = trace
        offset = random.fraction() * trace.length
    }

    /// The share of capacity that can be had, seconds after the run's beginning.
    func share(at seconds: Double) -> Double { trace.share(at: place(of: seconds)) }

    private func place(of seconds: Double) -> Double {
        (offset + seconds).truncatingRemainder(dividingBy: trace.length)
    }

    /// The next time after `seconds` at which capacity is taken back, and the share of it that is; nil when it never
    /// is.
    func nextLoss(after seconds: Double) -> (time: Double, share: Double)? {
        let place = place(of: seconds)
        let begin = seconds - place
        for round in 0...1 {
            for index in trace.ticks.indices.dropFirst()
            where trace.available[index] < trace.available[index - 1] {
                let time = begin + Double(round) * trace.length + Double(trace.ticks[index]) * trace.gap
                if time <= seconds { continue }
                let before = Double(trace.available[index - 1])
                return (time, (before - Double(trace.available[index])) / before)
            }
        }
        return nil
    }
}
