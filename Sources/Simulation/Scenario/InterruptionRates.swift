import Domain
import Formats
import Glibc

/// Interruption rates of spot instances.
package struct InterruptionRates: Sendable {
    /// Interruptions an hour of types without a rate of their own.
    private let standard: Double
    private var byType: [String: [String: Double]] = [:]

    /// - Parameter perHour: the rate of all types.
    package init(perHour: Double = 0) { standard = perHour }

    /// Reads AWS's interruption bands: `region,instance_type,product,interruption_range`. A band of 5-10 % a month
    /// becomes the constant rate that interrupts 7.5 % of the instances in a month, `>20%` the rate of 25 %.
    ///
    /// - Parameter perHour: the rate of types without a row.
    package init(csv bytes: [UInt8], source: String, perHour: Double = 0) throws {
        standard = perHour
        let columns = ["region", "instance_type", "product", "interruption_range"]
        try CSV.read(bytes, source: source, columns: columns) { row in
            guard row.text(2) == PriceCSV.product else { return }
            let range = row.text(3)
            guard let share = Self.bands[range] else {
                throw row.problem(
                    "interruption_range must be one of "
                        + "\(Self.bands.keys.sorted().joined(separator: ", ")), not \(CSV.quoted(range))")
            }
            byType[row.text(0), default: [:]][row.text(1)] = -log(1 - share) / 730
        }
    }

    /// The mean share of each band.
    private static let bands = [
        "<5%": 0.025, "5-10%": 0.075, "10-15%": 0.125, "15-20%": 0.175, ">20%": 0.25,
    ]

    /// Interruptions of one instance of a pool per hour.
    func perHour(_ pool: Pool) -> Double { byType[pool.region]?[pool.instanceType] ?? standard }
}
