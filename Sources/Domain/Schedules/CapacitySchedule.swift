import Formats
package import FoundationEssentials

/// The bounds of the capacity by weekly windows in one time zone. Outside of the windows the bounds of the definition apply.
package struct CapacitySchedule: Hashable, Sendable {
    package let timeZone: String
    private let offsets: TimeZoneOffsets
    package let windows: [WeeklyWindow]

    /// - Parameter timeZone: the name of the zone with these offsets.
    /// - Throws: where two windows contradict each other.
    package init(
        timeZone: String, offsets: TimeZoneOffsets, windows: [WeeklyWindow]
    ) throws(ScheduleProblem) {
        for (index, window) in windows.enumerated() {
            for (earlier, other) in windows.prefix(index).enumerated() {
                guard let minute = window.firstCommonMinute(with: other),
                    let contradiction = Self.contradiction(other, window)
                else { continue }
                throw ScheduleProblem(
                    "the windows \(earlier + 1) (\(other.text)) and \(index + 1) (\(window.text)) overlap on "
                        + "\(WeeklyWindow.name(ofMinute: minute)) with \(contradiction)")
            }
        }
        self.timeZone = timeZone
        self.offsets = offsets
        self.windows = windows
    }

    /// The bounds of two windows that cannot apply at the same time; nil where they can.
    private static func contradiction(_ first: WeeklyWindow, _ second: WeeklyWindow) -> String? {
        func differ(_ name: String, _ left: Int?, _ right: Int?) -> String? {
            guard let left, let right, left != right else { return nil }
            return "\(name)=\(left) and \(name)=\(right)"
        }
        func crossed(_ least: Int?, _ most: Int?) -> String? {
            guard let least, let most, least > most else { return nil }
            return "min=\(least) and max=\(most)"
        }
        return differ("min", first.minCapacity, second.minCapacity)
            ?? differ("max", first.maxCapacity, second.maxCapacity)
            ?? crossed(first.minCapacity, second.maxCapacity)
            ?? crossed(second.minCapacity, first.maxCapacity)
    }

    /// The windows in force.
    ///
    /// - Parameter time: seconds since 1970.
    private func windows(at time: Int) -> [WeeklyWindow] {
        let minute = secondOfWeek(time) / 60
        return windows.filter { $0.contains(minute: minute) }
    }

    private func secondOfWeek(_ time: Int) -> Int {
        let week = 7 * 86_400
        // 1970-01-01 was a Thursday.
        let local = (time + offsets.offset(at: time) + 3 * 86_400) % week
        return local < 0 ? local + week : local
    }

    /// The time of the next change of the windows in force, up to 15 days later: a skipped hour can leave out a window of
    /// one week. Nil where the windows do not change.
    private func nextChange(after time: Int) -> Int? {
        let now = windows(at: time)
        let week = WeeklyWindow.minutesAWeek * 60
        let edges = Set(
            windows.flatMap(\.minutes).flatMap { [$0.lowerBound * 60, $0.upperBound * 60 % week] })
        guard !edges.isEmpty else { return nil }
        var next = time
        while next < time + 15 * 86_400 {
            let second = secondOfWeek(next)
            let toEdge = edges.map { $0 > second ? $0 - second : $0 - second + week }.min() ?? week
            let edge = next + toEdge
            next = min(edge, offsets.transition(after: next) ?? edge)
            if windows(at: next) != now { return next }
        }
        return nil
    }

    /// The bounds at a time, with the next change.
    package func bounds(
        of definition: WorkerTypeDefinition, at now: Date
    ) -> ScheduledBounds {
        let whole = now.timeIntervalSince1970.rounded(.down)
        // Within the years of the calendar.
        let time = Int(min(max(whole, -62_135_596_800), 253_402_300_799))
        let change = nextChange(after: time)
        return ScheduledBounds(
            timeZone: timeZone, windows: windows(at: time).map(\.text),
            bounds: Self.bounds(windows(at: time), definition),
            until: change.map { Date(timeIntervalSince1970: Double($0)) },
            next: change.map { Self.bounds(windows(at: $0), definition) })
    }

    private static func bounds(
        _ windows: [WeeklyWindow], _ definition: WorkerTypeDefinition
    ) -> CapacityBounds {
        CapacityBounds(
            minimum: windows.lazy.compactMap(\.minCapacity).first ?? definition.minCapacity,
            maximum: windows.lazy.compactMap(\.maxCapacity).first ?? definition.maxCapacity)
    }
}
