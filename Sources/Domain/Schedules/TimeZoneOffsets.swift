/// The offsets of a time zone from UTC. `TimeZoneFile` reads them.
///
/// Foundation's `TimeZone` knows the zones only together with ICU, which would enlarge each program by tens of megabytes.
package struct TimeZoneOffsets: Hashable, Sendable {
    /// A change of the offset.
    package struct Transition: Hashable, Sendable {
        /// Seconds since 1970.
        package let time: Int
        /// Seconds east of UTC from this time on.
        package let offset: Int
    }

    /// The offset before the first transition.
    let initial: Int
    /// In the order of their times.
    let transitions: [Transition]

    package static let utc = TimeZoneOffsets(initial: 0, transitions: [])

    init(initial: Int, transitions: [Transition]) {
        self.initial = initial
        self.transitions = transitions
    }

    /// Seconds east of UTC.
    ///
    /// - Parameter time: seconds since 1970.
    package func offset(at time: Int) -> Int {
        let next = indexOfTransition(after: time)
        return next == 0 ? initial : transitions[next - 1].offset
    }

    /// The time of the first transition after a time; nil where no more is known.
    package func transition(after time: Int) -> Int? {
        let next = indexOfTransition(after: time)
        return next < transitions.count ? transitions[next].time : nil
    }

    private func indexOfTransition(after time: Int) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
