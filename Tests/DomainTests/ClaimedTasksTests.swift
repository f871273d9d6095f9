import Domain
import TestSupport
import Testing

@Suite("Claimed tasks")
struct ClaimedTasksTests {
    private func change(
        pending: Int, claimed: Int?, running: Int = 10, booting: Int = 0, min: Int = 0, ratio: Double = 0,
        unclaimed: Int = 0, headroom: Headroom? = nil
    ) -> CapacityChange {
        CapacityChange(
            pendingTasks: pending, tally: CapacityTally(running: running, booting: booting),
            definition: .sample(minCapacity: min, maxCapacity: 100, scalingRatio: ratio),
            demand: DemandInput(
                record: DemandRecord(unclaimed: unclaimed), headroom: headroom, claimedTasks: claimed))
    }

    @Test("Idle workers take pending tasks, which are not bought")
    func idle() {
        #expect(change(pending: 5, claimed: 7).change == 2)
        #expect(change(pending: 5, claimed: 7, booting: 1).change == 1)
        #expect(change(pending: 3, claimed: 7).change == 0)
        #expect(change(pending: 5, claimed: nil).change == 5)
    }

    @Test("The desired pending tasks depend on the running capacity, busy or idle")
    func scalingRatio() {
        #expect(change(pending: 20, claimed: 8, ratio: 0.5).desiredPending == 5)
        #expect(change(pending: 20, claimed: 8, ratio: 0.5).change == 20 - 2 - 5)
    }

    @Test("More claimed tasks than the running capacity leave no idle capacity")
    func otherWorkers() {
        let change = change(pending: 5, claimed: 1_000_000_000)
        #expect(change.idle?.capacity == 0 && change.change == 5)
    }

    @Test("Idle workers that took no task since the last iteration do not count")
    func unclaiming() {
        #expect(change(pending: 5, claimed: 7, unclaimed: 2).change == 4)
        #expect(change(pending: 5, claimed: 7, unclaimed: 99).change == 5)
        #expect(change(pending: 0, claimed: 7, unclaimed: 2).idle?.capacity == 3, "no task is left")
        #expect(change(pending: 5, claimed: 7).demandRecord?.unclaimed == 3)
        #expect(change(pending: 5, claimed: 7, unclaimed: 99).demandRecord?.unclaimed == 3)
        #expect(change(pending: 5, claimed: nil).demandRecord == nil)
    }

    @Test("minCapacity counts idle capacity")
    func minimum() {
        #expect(change(pending: 0, claimed: 0, min: 10).change == 0)
        #expect(change(pending: 0, claimed: 0, running: 8, min: 10).change == 2)
    }

    @Test("The headroom is kept beside the claimed tasks")
    func headroom() {
        #expect(change(pending: 0, claimed: 10, headroom: .tasks(3)).change == 3)
        #expect(change(pending: 0, claimed: 8, headroom: .tasks(3)).change == 1)
        #expect(change(pending: 2, claimed: 8, headroom: .share(0.2)).change == 2)
    }

    @Test("A worker that just checked in counts as running")
    func claimGrace() {
        let input = WorkerTypeDecision.Input(
            workerType: .sample(), pendingTasks: 1,
            tally: CapacityTally(running: 2, booting: 3, claiming: 1), launches: [],
            demand: DemandInput(claimedTasks: 2))
        #expect(input.tally == CapacityTally(running: 3, booting: 2))
        #expect(input.change?.idle?.capacity == 1)
    }
}
