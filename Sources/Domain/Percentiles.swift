/// The percentiles of values, by nearest rank.
package struct Percentiles: Sendable {
    private let sorted: [Double]

    package init(_ values: [Double]) { sorted = values.sorted() }

    /// The least value that at least this share of the values does not exceed; nil when there are no values.
    ///
    /// - Parameter share: from 0 to 1.
    package func value(at share: Double) -> Double? {
        let rank = (share * Double(sorted.count)).rounded(.up)
        return rank < Double(sorted.count) ? sorted[max(0, Int(rank) - 1)] : sorted.last
    }
}
