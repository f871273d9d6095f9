import Testing

@testable import Domain

@Suite("Percentiles")
struct PercentilesTests {
    @Test(
        "are the values at the nearest rank",
        arguments: [(0.0, 1.0), (0.5, 2), (0.51, 3), (0.75, 3), (0.95, 4), (1, 4)])
    func ranks(share: Double, value: Double) {
        #expect(Percentiles([3, 1, 4, 2]).value(at: share) == value)
    }

    @Test("of one value are this value, and of no values nil")
    func few() {
        #expect(Percentiles([7]).value(at: 0.5) == 7)
        #expect(Percentiles([]).value(at: 0.5) == nil)
    }
}
