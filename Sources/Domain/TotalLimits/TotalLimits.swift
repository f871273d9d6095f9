import Formats

/// The limits over all worker types together. They stop launches, and never end an instance.
package struct TotalLimits: Hashable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// Running, booting and requested capacity.
        case capacity = "maxTotalCapacity"
        /// Instances that run, boot or are requested.
        case instances = "maxTotalInstances"
        /// US dollars an hour, at the prices in force.
        case hourlySpend = "maxHourlySpend"
        /// US dollars in a day of UTC.
        case dailySpend = "maxDailySpend"
        /// US dollars in a month of UTC.
        case monthlySpend = "maxMonthlySpend"

        /// The setting with the limit.
        package var setting: String { rawValue }

        package var isSpend: Bool { self != .capacity && self != .instances }
        /// Whether it includes what was spent since the begin of a day or month.
        package var isOfPeriod: Bool { self == .dailySpend || self == .monthlySpend }

        /// An amount without its unit: `120` or `3.50`.
        package func number(_ amount: Double) -> String { amount.formatted(decimals: isSpend ? 2 : 0) }

        /// An amount with its unit: `120`, `12 instances` or `3.50 USD`.
        func shown(_ amount: Double) -> String {
            switch self {
            case .capacity: number(amount)
            case .instances: "\(number(amount)) instances"
            case .hourlySpend, .dailySpend, .monthlySpend: "\(number(amount)) USD"
            }
        }
    }

    /// The allowed values of `maxTotalCapacity` and `maxTotalInstances`.
    package static let countRange = 1...1_000_000_000
    /// The allowed values of limits of spend. US dollars.
    package static let spendRange = 0.01...1_000_000_000

    private var values: [Kind: Double] = [:]

    package init() {}

    /// The value of a limit; nil where there is none.
    package subscript(kind: Kind) -> Double? {
        get { values[kind] }
        set { values[kind] = newValue }
    }

    package var isEmpty: Bool { values.isEmpty }
    package var limitsSpend: Bool { values.keys.contains(where: \.isSpend) }
    /// Whether it includes what was spent since the begin of a day or month.
    package var limitsPeriods: Bool { values.keys.contains(where: \.isOfPeriod) }
    /// The limits with their values.
    package var all: [(kind: Kind, value: Double)] {
        Kind.allCases.compactMap { kind in values[kind].map { (kind, $0) } }
    }
}
