import Formats
package import FoundationEssentials

/// The costs of instances in a span of time, as EC2 bills them, divided by dimensions.
package struct CostReport: Sendable {
    package struct Row: Hashable, Sendable {
        /// One value for each dimension, in their order. A time is the begin of its hour or day.
        package let key: [String]
        /// The number of instances that were billed.
        package internal(set) var instances = 0
        package internal(set) var instanceHours = 0.0
        /// US dollars. Hours of an unknown price are not included.
        package internal(set) var usd = 0.0
        /// Those of `instanceHours` whose price is unknown.
        package internal(set) var unpricedHours = 0.0

        mutating func add(hours: Double, usd: Double?) {
            instances += 1
            instanceHours += hours
            if let usd { self.usd += usd } else { unpricedHours += hours }
        }
    }

    /// The owner of worker types that are removed or cannot be read.
    package static let unknownOwner = "unknown"

    package let dimensions: [CostDimension]
    package let since: Date
    package let until: Date
    /// By time if a dimension is a time, then with the highest cost first.
    package let rows: [Row]
    package private(set) var total = Row(key: [])

    /// - Parameter dimensions: their order is the order of the values in the keys. With none of them, there is one row at
    ///   most.
    package init(_ record: CostRecord, by dimensions: [CostDimension]) {
        self.dimensions = dimensions
        (since, until) = (record.since, record.until)
        let slot = dimensions.compactMap(\.slot).min()
        var rows: [[String]: Row] = [:]
        for instance in record.instances {
            let begin = max(since, instance.startedAt)
            let end = min(until, instance.billedUntil(now: until))
            guard begin < end else { continue }
            var cost: Double? = 0
            for (begin, end) in Self.parts(from: begin, to: end, slot: slot) {
                let key = dimensions.map { Self.value($0, of: instance, at: begin, record.owners) }
                let part = record.prices.cost(of: instance, from: begin, to: end)
                rows[key, default: Row(key: key)].add(hours: end.timeIntervalSince(begin) / 3600, usd: part)
                cost = part.flatMap { part in cost.map { $0 + part } }
            }
            total.add(hours: end.timeIntervalSince(begin) / 3600, usd: cost)
        }
        let times = dimensions.indices.filter { dimensions[$0].slot != nil }
        self.rows = rows.values.sorted { left, right in
            let (leftTime, rightTime) = (times.map { left.key[$0] }, times.map { right.key[$0] })
            if leftTime != rightTime { return leftTime.lexicographicallyPrecedes(rightTime) }
            if left.usd != right.usd { return left.usd > right.usd }
            return left.key.lexicographicallyPrecedes(right.key)
        }
    }

    /// A span of time, divided at multiples of a slot since 1970.
    private static func parts(from begin: Date, to end: Date, slot: Double?) -> [(Date, Date)] {
        guard let slot else { return [(begin, end)] }
        var parts: [(Date, Date)] = []
        var time = begin
        while time < end {
            let next = min(end, start(of: slot, at: time).addingTimeInterval(slot))
            parts.append((time, next))
            time = next
        }
        return parts
    }

    /// The begin of the slot of a length in which a time is.
    package static func start(of slot: Double, at time: Date) -> Date {
        Date(timeIntervalSince1970: (time.timeIntervalSince1970 / slot).rounded(.down) * slot)
    }

    private static func value(
        _ dimension: CostDimension, of instance: BilledInstance, at time: Date, _ owners: [String: String]
    ) -> String {
        switch dimension {
        case .workerType: instance.workerType
        case .owner: owners[instance.workerType] ?? unknownOwner
        case .pool: "\(instance.pool)"
        case .region: instance.pool.region
        case .hour, .day: dimension.label(of: time)
        }
    }
}
