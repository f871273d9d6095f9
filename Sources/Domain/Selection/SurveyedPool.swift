/// An allowed pool, by its index in the price book.
struct SurveyedPool {
    let entry: Int
    let capacity: Int
    let utility: Double
    let effectivePrice: Price
    /// The price that the strategy compares: the effective price, or more where it includes a risk or idle slots.
    let comparedPrice: Price
}
