import TestSupport
import Testing

@testable import Domain

@Suite("Suggested utility factors")
struct UtilitySuggestionTests {
    private let definition = WorkerTypeDefinition.sample(
        types: [("c5.xlarge", 1, 1), ("m5a.xlarge", 1, 1), ("m8a.xlarge", 1, 1.3), ("r5.xlarge", 2, 4)])
    private let scores = ["c5.xlarge": 20.0, "m5a.xlarge": 13.6, "m8a.xlarge": 39.2]

    @Test("are the reference's score divided by the type's, and the inverse for division")
    func factors() {
        let multiply = UtilitySuggestion(
            for: definition, scores: scores, reference: "c5.xlarge", reading: .multiply)
        #expect(multiply.lines.map(\.suggested) == [1, 1.47, 0.51, nil])
        #expect(multiply.reference == "c5.xlarge")
        let divide = UtilitySuggestion(
            for: definition, scores: scores, reference: "c5.xlarge", reading: .divide)
        #expect(divide.lines.map(\.suggested) == [1, 0.68, 1.96, nil])
    }

    @Test("make types with the same work for a dollar equal")
    func equal() {
        let suggestion = UtilitySuggestion(for: definition, scores: scores, reading: .multiply)
        let applied = suggestion.applied(to: definition)
        for type in applied.instanceTypes {
            guard let score = scores[type.instanceType] else { continue }
            let price = Price(usd: score / 100)
            let pricing = Pricing(applied, utility: type.utility, reading: .multiply)
            #expect(abs(pricing.effectivePrice(of: price).usd - 0.2) < 0.001)
        }
    }

    @Test("use the median score as the reference, the lower one of two")
    func median() {
        func reference(_ scores: [String: Double]) -> String? {
            UtilitySuggestion(for: definition, scores: scores, reading: .multiply).reference
        }
        #expect(reference(scores) == "c5.xlarge")
        #expect(reference(["c5.xlarge": 2, "m5a.xlarge": 1]) == "m5a.xlarge")
        #expect(reference(["c5.xlarge": 1, "m5a.xlarge": 1]) == "c5.xlarge")
    }

    @Test("need two scores, and keep the number of a type without one")
    func unknown() {
        let one = UtilitySuggestion(for: definition, scores: ["c5.xlarge": 1], reading: .multiply)
        #expect(one.reference == nil)
        #expect(one.applied(to: definition) == definition)
        let three = UtilitySuggestion(for: definition, scores: scores, reading: .multiply)
        let applied = three.applied(to: definition)
        #expect(applied.instanceTypes.last?.utility == 4)
        #expect(applied.differences(to: definition).count == 2)
    }

    @Test("have three significant digits", arguments: [(1.0, 3.0, 3.0), (3, 1, 0.333), (1, 1234.56, 1235)])
    func digits(other: Double, reference: Double, expected: Double) {
        let suggestion = UtilitySuggestion(
            for: definition, scores: ["c5.xlarge": reference, "m5a.xlarge": other], reference: "c5.xlarge",
            reading: .multiply)
        #expect(suggestion.lines[1].suggested == expected)
    }

    @Test("name burstable types with their sustained share")
    func burstable() {
        #expect(BurstableType("t3.small")?.sustainedPercent == 20)
        #expect(BurstableType("t4g.2xlarge")?.sustainedPercent == 40)
        #expect(BurstableType("t2.xlarge")?.sustainedPercent == 22.5)
        #expect(BurstableType("t2.large")?.sustainedPercent == 30)
        #expect(BurstableType("t9.16xlarge") != nil)
        #expect(BurstableType("c5.xlarge") == nil)
        #expect(BurstableType("trn1.2xlarge") == nil)
    }

    @Test("from the record need enough instances and hours")
    func record() {
        #expect(WorkingTime(instances: 20, paidHours: 40, workingHours: 30).share == 0.75)
        #expect(WorkingTime(instances: 19, paidHours: 40, workingHours: 30).share == nil)
        #expect(WorkingTime(instances: 20, paidHours: 19, workingHours: 15).share == nil)
        #expect(WorkingTime(instances: 20, paidHours: 40, workingHours: 0).share == nil)
    }
}
