import Domain
import Glibc

/// Generator of task loads.
package struct LoadGenerator: Sendable {
    /// Distribution of arrivals over time.
    package enum Shape: String, CaseIterable, Sendable {
        /// A constant rate.
        case steady
        /// A rate that follows the working day: a tenth of the peak at night.
        case diurnal
        /// Half of the tasks at a constant rate, half in about ten bursts a day.
        case bursts
        /// A low rate, and one hour a day with many pushes, each with builds at once and tests later.
        case pushStorm = "push-storm"
    }

    package var shape: Shape
    /// Mean of the whole run.
    package var tasksPerHour: Double
    package var hours: Double
    /// The median duration; durations follow a lognormal distribution.
    package var taskMinutes: Double

    /// Standard deviation of the logarithm of a duration. The 99th percentile is about six times the median.
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
                // Recorded loads have milliseconds too.
                return TaskLoad.Task(
                    arrival: (arrival * 1000).rounded() / 1000,
                    duration: max(1, (duration * 1000).rounded() / 1000))
            })
    }

    /// Returns arrivals at a rate per hour, each kept with a probability that depends on its time.
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
        // The probability is 0.1 at night and 1 at the peak; its mean is 0.55.
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
