import Domain
import Glibc

/// Loads made from a seed.
package struct LoadGenerator: Sendable {
    /// How arrivals are spread over time.
    package enum Shape: String, CaseIterable, Sendable {
        /// The same rate all along.
        case steady
        /// A rate that follows the working day: a tenth of the peak at night.
        case diurnal
        /// Half of the tasks at a steady rate, half all at once some ten times a day.
        case bursts
        /// Quiet, but for one hour a day in which pushes come one after another, each with builds at once and the
        /// tests that they lead to later.
        case pushStorm = "push-storm"
    }

    package var shape: Shape
    /// On average over the whole run.
    package var tasksPerHour: Double
    package var hours: Double
    /// The median duration; durations follow a lognormal distribution.
    package var taskMinutes: Double

    /// Of the logarithm of a duration: the longest task in a hundred takes about six times the median.
    private static let spread = 0.8

    package init(shape: Shape, tasksPerHour: Double, hours: Double, taskMinutes: Double) {
        self.shape = shape
        self.tasksPerHour = tasksPerHour
        self.hours = hours
        self.taskMinutes = taskMinutes
    }

    package func load(workerType: String, seed: UInt64) -> TaskLoad {
        var random = SeededRandom(seed: seed)
        let length = hours * 3600
        let arrivals =
            switch shape {
            case .steady: poisson(tasksPerHour, &random) { _ in 1 }
            case .diurnal: diurnal(&random)
            case .bursts: bursts(&random)
            case .pushStorm: pushStorm(&random)
            }
        return TaskLoad(
            workerType: workerType,
            tasks: arrivals.filter { $0 < length }.map { arrival in
                let duration = taskMinutes * 60 * exp(Self.spread * random.normal())
                // To the millisecond, as captures of real loads are.
                return TaskLoad.Task(
                    arrival: (arrival * 1000).rounded() / 1000,
                    duration: max(1, (duration * 1000).rounded() / 1000))
            })
    }

    /// Arrivals at a rate an hour, each kept with a probability that may change over time.
    private func poisson(
        _ rate: Double, _ random: inout SeededRandom, keeping: (Double) -> Double
    ) -> [Double] {
        guard rate > 0 else { return [] }
        var arrivals: [Double] = []
        var time = 0.0
        while true {
            time += random.exponential() * 3600 / rate
            if time >= hours * 3600 { return arrivals }
            if random.fraction() < keeping(time) { arrivals.append(time) }
        }
    }

    private func diurnal(_ random: inout SeededRandom) -> [Double] {
        // From 0.1 at night to 1 at the peak: 0.55 on average.
        poisson(tasksPerHour / 0.55, &random) { 0.55 - 0.45 * cos(2 * .pi * $0 / 86_400) }
    }

    private func bursts(_ random: inout SeededRandom) -> [Double] {
        let burstsPerHour = 10.0 / 24
        let size = max(1, Int((tasksPerHour / 2 / burstsPerHour).rounded()))
        var arrivals = poisson(tasksPerHour / 2, &random) { _ in 1 }
        for burst in poisson(burstsPerHour, &random, keeping: { _ in 1 }) {
            arrivals += (0..<size).map { _ in burst + 20 * random.fraction() }
        }
        return arrivals
    }

    private func pushStorm(_ random: inout SeededRandom) -> [Double] {
        var arrivals = poisson(tasksPerHour / 4, &random) { _ in 1 }
        let pushes = 12
        let perPush = max(1, Int((tasksPerHour * 0.75 * min(hours, 24) / Double(pushes)).rounded()))
        var day = 0.0
        while day < hours * 3600 {
            let begin = day + min(hours, 24) * 3600 * (0.3 + 0.2 * random.fraction())
            for _ in 0..<pushes {
                let push = begin + 3600 * random.fraction()
                let builds = perPush / 4
                arrivals += (0..<builds).map { _ in push + 15 * random.fraction() }
                arrivals += (builds..<perPush).map { _ in push + 60 * (15 + 15 * random.fraction()) }
            }
            day += 86_400
        }
        return arrivals
    }
}
