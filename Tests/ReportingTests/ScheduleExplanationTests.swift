import Domain
import Formats
import FoundationEssentials
import Reporting
import TestSupport
import Testing

@Suite("The explanation of a schedule")
struct ScheduleExplanationTests {
    @Test("names the window in force, its end, and the bounds after it, and calculates with its bounds")
    func window() throws {
        let type = WorkerType.sample("alpha", .sample(minCapacity: 1, maxCapacity: 50))
        let schedule = try CapacitySchedule(
            timeZone: "UTC", offsets: .utc, windows: [WeeklyWindow("Tue 22:00-23:00 min=10 max=20")])
        let bounds = schedule.bounds(of: type.definition, at: .start)
        let holds = Holds([], now: .start)
        let decision = WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: 0, tally: CapacityTally(running: 4), schedule: bounds,
                launches: []),
            market: WorkerTypeDecision.MarketView(
                book: PriceBook([], zones: [:], holds: holds), holds: holds, zones: [:]),
            rules: ProvisioningRules(), now: .start)
        let explanation = Explanation(type: type, iteration: 1, decision: decision)
        #expect(
            explanation.lines.contains(
                "schedule (UTC): Tue 22:00-23:00 is in force until 2023-11-14T23:00:00Z, minCapacity 10, "
                    + "maxCapacity 20; then minCapacity 1, maxCapacity 50"))
        #expect(explanation.lines.contains { $0.contains("below minCapacity 10: change = 10 - 4 = 6") })
        #expect(explanation.json["schedule"]?.objectValue?["changesAt"] == "2023-11-14T23:00:00.000Z")
        let stored = try JSONDecoder().decode(
            WorkerTypeDecision.self, from: try JSONEncoder().encode(decision))
        #expect(stored == decision)
    }
}
