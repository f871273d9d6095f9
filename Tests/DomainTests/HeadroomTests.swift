import Domain
import TestSupport
import Testing

@Suite("Headroom")
struct HeadroomTests {
    private func change(
        pending: Int, running: Int = 40, booting: Int = 0, requested: Int = 0, max: Int = 100,
        _ headroom: Headroom
    ) -> CapacityChange {
        CapacityChange(
            pendingTasks: pending,
            tally: CapacityTally(running: running, booting: booting, requested: requested),
            definition: .sample(maxCapacity: max), demand: DemandInput(headroom: headroom))
    }

    @Test("It is a number of tasks or a share of the running capacity")
    func forms() {
        #expect(Headroom("5") == .tasks(5))
        #expect(Headroom("10%") == .share(0.1))
        #expect(Headroom.share(0.1).slots(running: 45) == 5, "round half up")
        for text in ["", "-1", "%", "101%", "-1%", "1.5", "nan%", "1000001", "5 %x"] {
            #expect(Headroom(text) == nil, "\(text)")
        }
    }

    @Test("It is bought beside the pending tasks")
    func pendingTasks() {
        #expect(change(pending: 3, booting: 2, .share(0.1)).change == 3 + 4 - 2)
        #expect(change(pending: 3, .tasks(5)).change == 8)
        #expect(change(pending: 3, booting: 5, requested: 3, .tasks(5)).change == 0)
    }

    @Test("Without pending tasks the running capacity counts as idle")
    func idle() {
        #expect(change(pending: 0, running: 0, .tasks(5)).change == 5)
        #expect(change(pending: 0, running: 2, booting: 1, .tasks(5)).change == 2)
        #expect(change(pending: 0, .tasks(5)).change == 5 - 40)
    }

    @Test("It stays within maxCapacity")
    func maximum() {
        #expect(change(pending: 0, running: 0, max: 3, .tasks(5)).change == 3)
        #expect(change(pending: 50, running: 99, .tasks(5)).change == 1)
    }

    @Test("Without it the formula is unchanged")
    func without() {
        let plain = CapacityChange(
            pendingTasks: 0, tally: CapacityTally(running: 4, booting: 1), definition: .sample())
        #expect(plain.change == -1 && plain.headroom == nil && plain.idle == nil)
    }
}
