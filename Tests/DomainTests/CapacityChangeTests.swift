import Domain
import Formats
import TestSupport
import Testing

@Suite("Change of capacity")
struct CapacityChangeTests {
    private func change(
        pending: Int, running: Int = 0, booting: Int = 0, requested: Int = 0, min: Int = 0, max: Int = 100,
        ratio: Double = 0
    ) -> CapacityChange {
        CapacityChange(
            pendingTasks: pending,
            tally: CapacityTally(running: running, booting: booting, requested: requested),
            definition: .sample(minCapacity: min, maxCapacity: max, scalingRatio: ratio))
    }

    @Test("Each pending task needs one unit")
    func plain() {
        #expect(change(pending: 7).change == 7)
        #expect(change(pending: 7, running: 50).change == 7)
    }

    @Test("Booting and requested capacity is not bought again")
    func onItsWay() {
        #expect(change(pending: 7, booting: 3, requested: 2).change == 2)
        #expect(change(pending: 1, booting: 5).change == -4)
    }

    @Test("The scaling ratio determines the desired pending tasks, rounded half away from zero")
    func scalingRatio() {
        #expect(change(pending: 10, running: 10, ratio: 0.5).change == 5)
        #expect(change(pending: 10, running: 5, ratio: 0.5).desiredPending == 3)
    }

    @Test("maxCapacity bounds the change, also below zero")
    func maximum() {
        let bounded = change(pending: 50, running: 8, booting: 1, requested: 1, max: 20)
        #expect(bounded.change == 10)
        #expect(bounded.bound == .maximum)
        #expect(change(pending: 50, running: 25, max: 20).change == -5)
        #expect(change(pending: 10, running: 10, max: 20).bound == .maximum)
    }

    @Test("minCapacity is bought without tasks")
    func minimum() {
        let bounded = change(pending: 0, running: 1, min: 4)
        #expect(bounded.change == 3)
        #expect(bounded.bound == .minimum)
        #expect(change(pending: 0, min: 0, max: 0).change == 0)
    }

    @Test("A huge ratio does not trap")
    func hugeRatio() {
        #expect(change(pending: 5, running: 10, ratio: 1e300).change == -10)
    }
}
