import Domain
import TestSupport
import Testing

@Suite("Anticipation")
struct AnticipationTests {
    private func change(
        pending: Int, running: Int = 100, booting: Int = 0, max: Int = 1000, min: Int = 0,
        intervals: Double = 10, record: DemandRecord = DemandRecord(share: 0.5, average: 4)
    ) -> CapacityChange {
        CapacityChange(
            pendingTasks: pending, tally: CapacityTally(running: running, booting: booting),
            definition: .sample(minCapacity: min, maxCapacity: max),
            demand: DemandInput(anticipation: intervals, record: record))
    }

    @Test("The expected demand of the next intervals is bought while demand is uncovered")
    func expectedDemand() {
        let anticipating = change(pending: 40, intervals: 3)
        // 4 + 0.4 x (40 - 4), and 0.5 + 0.005 x (1 - 0.5).
        #expect(anticipating.anticipation?.demand.average == 18.4)
        #expect(anticipating.anticipation?.demand.share == 0.5025)
        #expect(anticipating.anticipation?.capacity == 28, "3 x 0.5025 x 18.4 = 27.7")
        #expect(anticipating.uncovered == 40 && anticipating.change == 68)
    }

    @Test("Without uncovered demand nothing is bought in advance", arguments: [(0, 0), (3, 3), (3, 5)])
    func coveredDemand(pending: Int, booting: Int) {
        let quiet = change(pending: pending, booting: booting)
        #expect(quiet.anticipation?.capacity == 0)
        #expect(quiet.change == pending - booting)
    }

    @Test("minCapacity alone is no demand")
    func minimum() {
        let minimum = change(pending: 0, running: 1, min: 5)
        #expect(minimum.change == 4 && minimum.anticipation?.capacity == 0)
    }

    @Test("The change stays within maxCapacity")
    func maximum() {
        let bounded = change(pending: 4, max: 106)
        #expect(bounded.change == 6 && bounded.bound == .maximum)
        #expect(change(pending: 4, max: 100).change == 0)
    }

    @Test("At most the uncovered demand is bought a second time in advance")
    func limit() {
        let record = DemandRecord(share: 1, average: 50)
        #expect(change(pending: 4, intervals: 1000, record: record).change == 4 + 4)
    }

    @Test("Without the setting the record has no effect, and none is kept")
    func withoutSetting() {
        let plain = change(pending: 4, intervals: 0)
        #expect(
            plain
                == CapacityChange(
                    pendingTasks: 4, tally: CapacityTally(running: 100),
                    definition: .sample(maxCapacity: 1000)))
        #expect(plain.anticipation == nil)
    }

    @Test("Demand that could not be bought counts once, however long it waits")
    func outage() {
        var record = DemandRecord(share: 0.2, average: 3)
        record = record.adding(50).met(by: 0)
        let (share, average) = (record.share, record.average)
        for _ in 1...100 { record = record.adding(50).met(by: 0) }
        #expect(record.share < share && record.average < average)
        #expect(record.unmet == 50)
        // 5 more tasks are new demand, whatever part of the earlier demand is bought.
        let later = record.adding(55)
        #expect(abs(later.average - DemandRecord.averageWeight * 5) < 1e-9)
        #expect(later.met(by: 30).unmet == 25 && later.met(by: 60).unmet == 0)
    }

    @Test("The averages of iterations without demand follow from their number")
    func quietIterations() {
        let record = DemandRecord(share: 0.3, average: 7)
        var repeated = record
        for _ in 1...5 {
            #expect(repeated.adding(0).isQuiet(since: repeated))
            repeated = repeated.adding(0)
        }
        let computed = record.after(quietIterations: 5)
        #expect(abs(computed.share - repeated.share) < 1e-12)
        #expect(abs(computed.average - repeated.average) < 1e-12)
        #expect(record.after(quietIterations: 0) == record && record.after(quietIterations: -3) == record)
        #expect(!record.adding(1).isQuiet(since: record))
        #expect(!DemandRecord().isQuiet(since: DemandRecord(unmet: 2)))
    }

    @Test("Demand above maxCapacity is not recorded")
    func demandAboveMaximum() {
        let full = change(pending: 500, running: 90, max: 100, record: DemandRecord())
        #expect(full.anticipation?.demand.average == DemandRecord.averageWeight * 10)
        #expect(full.anticipation?.demand.unmet == 10)
    }
}
