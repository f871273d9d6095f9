import TestSupport
import Testing

@testable import Domain

@Suite("The reading of utility factors")
struct UtilityReadingTests {
    private func reading(_ types: (String, Double)...) -> UtilityReading? {
        UtilityReading(.sample(types: types.map { ($0.0, 1, $0.1) }))
    }

    @Test("is of interest only when the numbers differ")
    func same() {
        #expect(reading(("c5.xlarge", 2), ("m5.xlarge", 2)) == nil)
    }

    @Test("prefers the lowest number by multiplication, and the highest by division")
    func preferred() throws {
        let mixed = try #require(reading(("c5.4xlarge", 1), ("c5d.4xlarge", 2), ("m5.4xlarge", 1)))
        #expect(mixed.preferred(by: .multiply).map(\.instanceType) == ["c5.4xlarge", "m5.4xlarge"])
        #expect(mixed.preferred(by: .divide).map(\.instanceType) == ["c5d.4xlarge"])
        #expect(mixed.types.map(\.utility) == [2, 1, 1])
    }

    @Test("follows the numbers of comparable machines, if they agree")
    func written() {
        #expect(reading(("c5.4xlarge", 1), ("c5d.4xlarge", 2))?.written == .divide)
        #expect(reading(("c5.large", 1), ("c5.2xlarge", 0.5), ("r3.8xlarge", 9))?.written == .multiply)
        #expect(reading(("c5.large", 1), ("c5.xlarge", 2), ("c5.2xlarge", 1.5))?.written == nil)
        #expect(reading(("c5.xlarge", 1), ("m5.xlarge", 2))?.written == nil)
    }

    @Test(
        "compares machines of one class by generation, size and added hardware",
        arguments: [
            ("c5.xlarge", "c4.xlarge", true), ("c5.xlarge", "c5.large", true),
            ("m5.metal", "m5.24xlarge", true), ("c5n.xlarge", "c5.xlarge", true),
            ("m5.large", "m4.xlarge", false), ("c5a.xlarge", "c5.xlarge", false),
            ("m5.xlarge", "c5.xlarge", false), ("c5.xlarge", "c5.xlarge", false),
            ("c5.xlarge", "c5d.xlarge", false), ("t3.micro", "t3.nano", true),
        ])
    func comparison(better: String, other: String, isBetter: Bool) throws {
        let names = try [better, other].map { try #require(InstanceTypeName($0)) }
        #expect(names[0].isBetter(than: names[1]) == isBetter)
    }

    @Test(
        "ignores names of another form",
        arguments: [
            "", "c5", "c.large", "5.large", "c5.huge", "c5.0xlarge", "c5.-1xlarge",
            "c99999999999999999999.large",
        ])
    func otherNames(name: String) {
        #expect(InstanceTypeName(name) == nil)
    }
}
