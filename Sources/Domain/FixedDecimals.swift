/// A number with a fixed count of decimals.
package func fixed(_ value: Double, _ decimals: Int) -> String {
    let negative = value < 0
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled.isFinite, scaled < 1e18 else { return "\(value)" }
    let digits = String(Int64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let text =
        decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
    return (negative && scaled > 0 ? "-" : "") + text
}
