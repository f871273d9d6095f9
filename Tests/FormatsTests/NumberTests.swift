import Formats
import Testing

@Suite("Numbers in text")
struct NumberTests {
    @Test("have a fixed number of decimals, rounded, without a negative zero")
    func fixedDecimals() {
        #expect(3.14159.formatted(decimals: 2) == "3.14")
        #expect((-0.5).formatted(decimals: 0) == "-1")
        #expect((-0.001).formatted(decimals: 2) == "0.00")
        #expect(0.05.formatted(decimals: 4) == "0.0500")
        #expect(Double.infinity.formatted(decimals: 2) == "inf")
    }

    @Test("have no trailing zeros in decimal notation")
    func decimalText() {
        #expect(12.5.decimalText == "12.5")
        #expect(100.0.decimalText == "100")
        #expect(0.000_000_001.decimalText == "0.000000001")
    }

    @Test(
        "are durations in one unit",
        arguments: [
            (-5, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_799, "47 h"),
            (172_800, "2 days"),
        ])
    func relativeTime(seconds: Double, text: String) {
        #expect(RelativeTime.text(seconds) == text)
        #expect(RelativeTime.ago(seconds) == text + " ago")
    }
}
