import Domain
import TestSupport
import Testing

@testable import Reporting

@Suite("The explanation of a capacity change")
struct CapacityExplanationTests {
    @Test("The explanation contains the numbers of each step")
    func steps() {
        let definition = WorkerTypeDefinition.sample(maxCapacity: 20, scalingRatio: 0.5)
        let change = CapacityChange(
            pendingTasks: 50, tally: CapacityTally(running: 8, booting: 1, requested: 1),
            definition: definition)
        let text = change.explanation(definition: definition, bounds: CapacityBounds(of: definition)).joined(
            separator: "\n")
        #expect(text.contains("round(0.5 x 8 running) = 4"))
        #expect(text.contains("50 pending tasks - (1 booting + 1 requested) - 4 desired pending = 44"))
        #expect(text.contains("20 - 10 = 10"))
    }
}
