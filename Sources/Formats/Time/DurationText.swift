package import FoundationEssentials

/// The text form of a duration in settings and arguments.
package enum DurationText {
    /// Reads `90` and `90s`, `15m`, `96h` or `4d` as seconds. Returns nil for any other text.
    package static func seconds(_ text: String) -> TimeInterval? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let value = Double(unit == nil ? text : String(text.dropLast())), value > 0, value <= 1e7 else {
            return nil
        }
        return value * (unit ?? 1)
    }
}
