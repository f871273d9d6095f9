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

    /// The explanation of 12 pending tasks beside 8 running units.
    private func text(_ demand: DemandInput, pending: Int = 12) -> String {
        let definition = WorkerTypeDefinition.sample(maxCapacity: 100)
        return CapacityChange(
            pendingTasks: pending, tally: CapacityTally(running: 8), definition: definition, demand: demand
        ).explanation(definition: definition, bounds: CapacityBounds(of: definition)).joined(separator: "\n")
    }

    @Test("The anticipation is a line with its numbers")
    func anticipation() {
        let demand = DemandInput(anticipation: 17, record: DemandRecord(share: 0.1, average: 2))
        let buying = text(demand)
        #expect(
            buying.contains(
                "round(17.0 intervals x 10.45 % of the iterations with new demand x 6.000 average new demand), "
                    + "at most 12 = 11"))
        #expect(buying.contains("change = 12 + 11 anticipation = 23"))
        #expect(text(demand, pending: 0).contains("anticipation = 0: no demand is uncovered"))
        #expect(!text(DemandInput()).contains("anticipation"))
    }

    @Test("Headroom and idle capacity are shown where they count")
    func idleCapacity() {
        let headroom = text(DemandInput(headroom: .share(0.25)))
        #expect(headroom.contains("12 pending tasks + 2 headroom - (0 booting + 0 requested + 0 idle)"))
        #expect(text(DemandInput(headroom: .tasks(9)), pending: 0).contains("idle = 8 running, as no task"))
        #expect(text(DemandInput(claimedTasks: 5)).contains("idle = 8 running - 5 claimed tasks = 3"))
        let unclaimed = DemandInput(record: DemandRecord(unclaimed: 2), claimedTasks: 5)
        #expect(
            text(unclaimed).contains("5 claimed tasks - 2 that took no task since the last iteration = 1"))
        #expect(text(DemandInput(claimedTasks: 50)).contains("50 claimed tasks, at least 0 = 0"))
    }
}
