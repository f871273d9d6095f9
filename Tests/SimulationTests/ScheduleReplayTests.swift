import Domain
import FoundationEssentials
import TestSupport
import Testing

@testable import Simulation

@Suite("A schedule in a replay")
struct ScheduleReplayTests {
    @Test("sets minCapacity at the times of the replay's clock")
    func window() throws {
        // The replay begins on Tuesday at 22:13:20.
        let scenario = Scenarios.make([(10, 60), (7200, 60)])
        var rules = ProvisioningRules()
        rules.schedules = [
            "alpha": try CapacitySchedule(
                timeZone: "UTC", offsets: .utc, windows: [WeeklyWindow("Tue 23:00-23:30 min=3")])
        ]
        var replay = Replay(scenario, rules: rules)
        replay.run()
        let begin = 46.0 * 60 + 40
        func most(_ times: Range<Double>) -> Int? {
            replay.samples.filter { times.contains($0.time) }.map { $0.running + $0.booting }.max()
        }
        #expect(most(600..<begin) == 0)
        #expect(most(begin..<begin + 1800) == 3)
        #expect(most(begin + 2400..<7200) == 0)
    }
}
