extension Double {
    /// The number in decimal notation with a fixed number of decimals.
    package func formatted(decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (abs(self) * scale).rounded()
        guard scaled.isFinite, scaled < 1e18 else { return "\(self)" }
        let digits = String(Int64(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let text =
            decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
        return (self < 0 && scaled > 0 ? "-" : "") + text
    }

    /// The number in decimal notation with up to nine decimals, without trailing zeros.
    package var decimalText: String {
        var text = formatted(decimals: 9)
        guard text.contains(".") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }
}
