package import FoundationEssentials

/// A length of time as a person writes it.
package enum DurationText {
    /// Seconds; `90`, `90s`, `15m`, `96h` and `4d` are understood. Nil for anything else.
    package static func seconds(_ text: String) -> TimeInterval? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let value = Double(unit == nil ? text : String(text.dropLast())), value > 0, value <= 1e7 else {
            return nil
        }
        return value * (unit ?? 1)
    }
}
