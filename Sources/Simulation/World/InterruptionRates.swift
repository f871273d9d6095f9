import Domain
import Glibc

/// How often EC2 takes a running spot instance back.
package struct InterruptionRates: Sendable {
    /// An hour, where nothing else is known.
    private let usual: Double
    private var byType: [String: [String: Double]] = [:]

    /// - Parameter perHour: the same everywhere.
    package init(perHour: Double = 0) { usual = perHour }

    /// Reads AWS's interruption bands: `region,instance_type,product,interruption_range`. A band of 5-10 % a month
    /// is taken for the constant rate at which 7.5 % of instances are interrupted in a month; `>20%` for 25 %.
    ///
    /// - Parameter perHour: for types without a row.
    package init(csv bytes: [UInt8], source: String, perHour: Double = 0) throws {
        usual = perHour
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

    /// The middle of each band.
    private static let bands = [
        "<5%": 0.025, "5-10%": 0.075, "10-15%": 0.125, "15-20%": 0.175, ">20%": 0.25,
    ]

    /// How often an hour an instance of a pool is interrupted.
    func perHour(_ pool: Pool) -> Double { byType[pool.region]?[pool.instanceType] ?? usual }
}
