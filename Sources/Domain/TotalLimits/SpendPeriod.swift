package import FoundationEssentials

/// A day or a month of UTC, the period of a limit of spend.
package struct SpendPeriod: Hashable, Sendable {
    package let begin: Date
    package let end: Date

    private init(_ unit: Calendar.Component, containing time: Date) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let interval = calendar.dateInterval(of: unit, for: time)
        begin = interval?.start ?? time
        end = interval?.end ?? time
    }

    package static func day(containing time: Date) -> SpendPeriod { SpendPeriod(.day, containing: time) }
    package static func month(containing time: Date) -> SpendPeriod { SpendPeriod(.month, containing: time) }

    /// The hours from a time to the end; at least the minute that EC2 bills for every instance.
    func hoursLeft(at time: Date) -> Double {
        max(InstanceBilling.minimum, end.timeIntervalSince(time)) / 3600
    }
}
