import Algorithms
import Domain
import Formats

/// Records of available spot capacity over time, applied to the pools of a simulation.
///
/// `availability` traces contain the share of launches that succeed, `preemption` traces the times and amounts of
/// withdrawn capacity. The seed assigns a trace of each kind, and a position in it, to each pool. A trace repeats at its
/// end. The recorded zones and devices are not those of the simulated pools.
package struct CapacityTraces: Sendable {
    struct Trace: Sendable {
        /// Seconds between probes.
        let gap: Double
        /// Instances that the recording tried to launch.
        let nodes: Int
        /// Probes at which the number of available instances changes, ascending.
        var ticks: [Int] = []
        /// Available instances from each tick on.
        var available: [Int] = []

        /// Seconds.
        var length: Double { Double((ticks.last ?? 0) + 1) * gap }

        /// The available share of capacity, by seconds since the beginning of the trace.
        func share(at seconds: Double) -> Double {
            guard let index = index(at: seconds), nodes > 0 else { return 1 }
            return Double(available[index]) / Double(nodes)
        }

        /// The losses of capacity, with the lost share. A decline over several probes within ten minutes is one loss:
        /// probes are up to five minutes apart.
        var losses: [(time: Double, share: Double)] {
            var losses: [(time: Double, share: Double)] = []
            var index = 1
            while index < ticks.count {
                let (first, before) = (index, available[index - 1])
                guard available[index] < before else {
                    index += 1
                    continue
                }
                repeat {
                    index += 1
                } while index < ticks.count && available[index] < available[index - 1]
                    && Double(ticks[index] - ticks[index - 1]) * gap <= 600
                let lost = Double(before - available[index - 1]) / Double(before)
                losses.append((Double(ticks[first]) * gap, lost))
            }
            return losses
        }

        private func index(at seconds: Double) -> Int? {
            let tick = Int(seconds / gap)
            let next = ticks.partitioningIndex { $0 > tick }
            return next == 0 ? nil : next - 1
        }
    }

    private(set) var availability: [Trace] = []
    private(set) var preemption: [Trace] = []

    /// Reads `kind,trace,nodes,availability_zone,device,gap_seconds,tick,available`.
    ///
    /// - Parameter device: selects the traces of one device; nil selects all.
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
                throw row.problem("tick must be greater than \(last), not \(tick)")
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
