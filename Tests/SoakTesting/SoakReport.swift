import FoundationEssentials

/// The figures of a soak, with the bounds that they are compared with.
package struct SoakReport: Sendable {
    /// The work of the worker types that compete for one supply. Seconds.
    package struct Supply: Sendable {
        package let name: String
        let done: TimeInterval
        let possible: TimeInterval

        /// The share of the possible work that was done.
        package var share: Double { possible > 0 ? done / possible : 1 }
    }

    package var iterations = 0
    package var outcomes: [String: Int] = [:]
    package var launches = 0
    package var refusals = 0
    package var referenceLaunches = 0
    package var instances = 0
    /// The conditions that did not hold, with the minute of the iteration.
    package var violations: [String] = []
    /// The supplies of healthy worker types, least share first.
    package var supplies: [Supply] = []
    /// Bytes.
    package var databaseSize: Int64 = 0
    /// The growth of the database since the middle of the soak, for each day. Bytes.
    package var growthPerDay: Int64 = 0
    /// The largest growth in one iteration. Bytes.
    package var largestGrowth: Int64 = 0
    /// The highest resident memory of the process, with both simulated clouds. MiB.
    package var peakMiB = 0
    package var secondsPerIteration = 0.0

    /// The least share of the possible work of a healthy worker type.
    package static let leastShare = 0.9
    /// The most bytes that one iteration stores.
    package static let growthBound: Int64 = 1_000_000
    package static let memoryBound = 150

    /// The bounds that do not hold.
    package var failures: [String] {
        var failures = Array(violations.prefix(20))
        failures += supplies.filter { $0.share < Self.leastShare }.map {
            "\($0.name) did \(Self.percent($0.share)) of the possible work, at least \(Self.percent(Self.leastShare))"
        }
        if largestGrowth > Self.growthBound {
            failures.append("an iteration stored \(largestGrowth) bytes, at most \(Self.growthBound)")
        }
        return failures
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.down))) %" }

    package var text: String {
        let least = supplies.first.map { "\(Self.percent($0.share)) (\($0.name))" } ?? "none"
        let total = supplies.reduce(0) { $0 + $1.done } / max(1, supplies.reduce(0) { $0 + $1.possible })
        var lines = [
            "iterations: \(iterations), \(Int(secondsPerIteration * 1e6) / 1000) ms each; "
                + outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "),
            "launches: \(launches), refusals: \(refusals), launches of the reference: \(referenceLaunches), "
                + "instances at the end: \(instances)",
            "violations of invariants: \(violations.count)",
            "work done of the possible work: \(Self.percent(total)); least: \(least), bound "
                + Self.percent(Self.leastShare),
            "database: \(databaseSize) bytes; growth a day \(growthPerDay) bytes, largest growth in an iteration "
                + "\(largestGrowth) bytes, bound \(Self.growthBound)",
            "peak memory with the simulated clouds: \(peakMiB) MiB, bound of the program alone \(Self.memoryBound)",
        ]
        lines += supplies.prefix(10).map {
            "  \($0.name): \(Self.percent($0.share)) of \(Int($0.possible / 3600)) h"
        }
        lines += failures.map { "BROKEN: \($0)" }
        return lines.joined(separator: "\n")
    }
}
