import Configuration
import Formats
import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

@Suite("Schedules of capacity")
struct CapacityScheduleTests {
    private static let definition = WorkerTypeDefinition.sample(minCapacity: 1, maxCapacity: 50)

    /// The bounds at a time in UTC, and the next change.
    private func bounds(_ schedule: String, _ time: String) throws -> ScheduledBounds {
        try CapacitySchedule(schedule).bounds(
            of: Self.definition, at: try #require(Date(timestamp: time), "\(time)"))
    }

    /// `min...max until the next change`.
    private func shown(_ schedule: String, _ time: String) throws -> String {
        let bounds = try bounds(schedule, time)
        return "\(bounds.bounds.minimum)...\(bounds.bounds.maximum) "
            + (bounds.until?.timestampInSeconds ?? "always")
    }

    @Test("apply within their windows, and the definition outside, with the time of the next change")
    func windows() throws {
        let schedule = "Europe/Berlin Mon-Fri 08:00-18:00 min=10 max=200"
        // 2026-11-27 is a Friday, and Berlin is an hour ahead of UTC.
        #expect(try shown(schedule, "2026-11-27T06:59:59Z") == "1...50 2026-11-27T07:00:00Z")
        #expect(try shown(schedule, "2026-11-27T07:00:00Z") == "10...200 2026-11-27T17:00:00Z")
        #expect(try shown(schedule, "2026-11-27T16:59:59Z") == "10...200 2026-11-27T17:00:00Z")
        #expect(try shown(schedule, "2026-11-27T17:00:00Z") == "1...50 2026-11-30T07:00:00Z")
        let inForce = try bounds(schedule, "2026-11-27T12:00:00Z")
        #expect(inForce.windows == ["Mon-Fri 08:00-18:00"])
        #expect(inForce.next == CapacityBounds(minimum: 1, maximum: 50))
        #expect(try shown("UTC Mon-Sun 00:00-24:00 min=3", "2026-11-27T00:00:00Z") == "3...50 always")
    }

    @Test("apply over midnight, over the end of the week, until 24:00, and on several days")
    func midnight() throws {
        #expect(
            try shown("UTC Sun 22:00-06:00 max=5", "2026-11-29T23:00:00Z") == "1...5 2026-11-30T06:00:00Z")
        #expect(
            try shown("UTC Sun 22:00-06:00 max=5", "2026-11-30T05:59:00Z") == "1...5 2026-11-30T06:00:00Z")
        #expect(
            try shown("UTC Fri 20:00-24:00 max=5", "2026-11-27T23:59:59Z") == "1...5 2026-11-28T00:00:00Z")
        #expect(
            try shown("UTC Fri-Mon,Wed 00:00-24:00 max=5", "2026-11-29T01:00:00Z")
                == "1...5 2026-12-01T00:00:00Z")
        #expect(
            try shown("UTC wed,SAT 10:00-11:00 max=5", "2026-11-28T10:30:00Z")
                == "1...5 2026-11-28T11:00:00Z")
    }

    @Test("Two windows with different bounds apply together")
    func overlap() throws {
        let schedule = "UTC Mon-Sun 08:00-20:00 min=10; Fri 12:00-24:00 max=99; Fri 09:00-10:00 min=10"
        #expect(try shown(schedule, "2026-11-27T13:00:00Z") == "10...99 2026-11-27T20:00:00Z")
        #expect(try bounds(schedule, "2026-11-27T09:30:00Z").windows.count == 2)
    }

    @Test(
        "In the night in which the clock is set forward, a window in the skipped hour begins with the next one",
        arguments: [
            // The skipped hours: 02:00 to 03:00 local, 01:00 UTC in Berlin, 07:00 UTC in New York, 16:00 UTC in Sydney.
            ("Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"),
            ("America/New_York", "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z"),
            ("Australia/Sydney", "2026-10-03T15:30:00Z", "2026-10-03T16:00:00Z"),
        ])
    func forward(zone: String, before: String, change: String) throws {
        let schedule = "\(zone) Sun 02:30-04:00 min=9"
        #expect(try shown(schedule, before) == "1...50 \(change)")
        let begin = try #require(Date(timestamp: change))
        #expect(
            try shown(schedule, change) == "9...50 \(begin.addingTimeInterval(3600).timestampInSeconds)")
        // A window that is in the skipped hour alone is in force a week later.
        let skipped = try bounds("\(zone) Sun 02:30-03:00 min=9", before)
        let later = try #require(skipped.until)
        #expect(later.timeIntervalSince(begin) > 6 * 86_400 && later.timeIntervalSince(begin) < 8 * 86_400)
    }

    @Test(
        "In the night in which the clock is set back, the repeated hour counts twice",
        arguments: [
            // The repeated hours begin first at these times: 02:00 local in Berlin and Sydney, 01:00 in New York.
            ("Europe/Berlin", "02:30-02:45", "2026-10-25T00:30:00Z"),
            ("America/New_York", "01:30-01:45", "2026-11-01T05:30:00Z"),
            ("Australia/Sydney", "02:30-02:45", "2026-04-04T15:30:00Z"),
        ])
    func back(zone: String, times: String, first: String) throws {
        let schedule = "\(zone) Sun \(times) min=9"
        let begin = try #require(Date(timestamp: first))
        func at(_ minutes: Double) -> String { begin.plus(minutes: minutes).timestampInSeconds }
        #expect(try shown(schedule, at(-1)) == "1...50 \(at(0))")
        #expect(try shown(schedule, at(0)) == "9...50 \(at(15))")
        #expect(try shown(schedule, at(15)) == "1...50 \(at(60))")
        #expect(try shown(schedule, at(60)) == "9...50 \(at(75))")
    }

    @Test("A window over the repeated hour ends at its local time")
    func longNight() throws {
        let schedule = "Europe/Berlin Sat 22:00-06:00 min=9"
        #expect(try shown(schedule, "2026-10-24T21:00:00Z") == "9...50 2026-10-25T05:00:00Z")
        #expect(try shown(schedule, "2026-03-28T22:00:00Z") == "9...50 2026-03-29T04:00:00Z")
    }

    @Test("The offsets of a zone are those of its file and, after it, of its rule")
    func rule() throws {
        let schedule = "Europe/Berlin Mon-Sun 08:00-09:00 min=9"
        #expect(try shown(schedule, "2090-07-01T05:30:00Z") == "1...50 2090-07-01T06:00:00Z")
        #expect(try shown(schedule, "2090-12-01T05:30:00Z") == "1...50 2090-12-01T07:00:00Z")
        let half = "Asia/Kolkata Mon-Sun 08:00-09:00 min=9"
        #expect(try shown(half, "2026-07-01T02:00:00Z") == "1...50 2026-07-01T02:30:00Z")
    }

    @Test(
        "Contradicting windows are refused with their places",
        arguments: [
            (
                "Mon-Fri 08:00-18:00 min=10; Sat 10:00-12:00 min=1; Wed 17:00-20:00 min=20",
                "the windows 1 (Mon-Fri 08:00-18:00) and 3 (Wed 17:00-20:00) overlap on Wed 17:00 with min=10 and min=20"
            ),
            (
                "Sun 22:00-06:00 max=5; Mon 00:00-01:00 max=6",
                "the windows 1 (Sun 22:00-06:00) and 2 (Mon 00:00-01:00) overlap on Mon 00:00 with max=5 and max=6"
            ),
            (
                "Mon 08:00-09:00 max=5; Mon 08:30-10:00 min=6",
                "the windows 1 (Mon 08:00-09:00) and 2 (Mon 08:30-10:00) overlap on Mon 08:30 with min=6 and max=5"
            ),
        ])
    func contradictions(windows: String, problem: String) {
        let error = #expect(throws: ScheduleProblem.self) { try CapacitySchedule("UTC " + windows) }
        #expect(error?.description == problem)
    }

    @Test(
        "Texts of another form are refused",
        arguments: [
            "", "UTC", "Mon-Fri 08:00-18:00 min=1", "UTC Mon-Fri 08:00-18:00", "UTC Mon-Fri 8:00-18:00 min=1",
            "UTC Mon-Fri 08:00-24:01 min=1", "UTC Mon-Fri 24:00-08:00 min=1", "UTC Mon-Fri 08:00-08:00 min=1",
            "UTC Mon-Foo 08:00-18:00 min=1", "UTC Mon-Tue-Wed 08:00-18:00 min=1", "UTC , 08:00-18:00 min=1",
            "UTC Mon 08:00-18:00 min=-1", "UTC Mon 08:00-18:00 min=1 min=1",
            "UTC Mon 08:00-18:00 min=2 max=1",
            "UTC Mon 08:00-18:00 max=1000001", "UTC Mon 08:00-18:00 max=1;",
            "Europe/Nowhere Mon 08:00-18:00 max=1",
            "../etc/passwd Mon 08:00-18:00 max=1", "/etc/passwd Mon 08:00-18:00 max=1",
            "UTC Mon 08:00-18:00 max=99999999999999999999", "zone.tab Mon 08:00-18:00 max=1",
        ])
    func invalid(text: String) {
        #expect(throws: ScheduleProblem.self) { try CapacitySchedule(text) }
    }

    @Test("The maximum applies where a window has a minimum above it, and the decision says so")
    func crossedBounds() throws {
        let schedule = try CapacitySchedule("UTC Mon-Sun 00:00-24:00 min=60")
        let type = WorkerType.sample("alpha", Self.definition)
        var rules = ProvisioningRules()
        rules.schedules = ["al*": schedule]
        let input = try #require(
            Plan.inputs(
                [type], pendingTasks: ["alpha": 0], claimedTasks: [:], tally: FleetTally([:], holdings: [:]),
                demand: [:],
                rules: rules,
                now: .start
            ).first)
        #expect(input.change?.change == 50 && input.change?.bound == .minimum)
        let holds = Holds([], now: .start)
        let decision = WorkerTypeDecision(
            input,
            market: WorkerTypeDecision.MarketView(
                book: PriceBook([], zones: [:], holds: holds), holds: holds, zones: [:]), rules: rules,
            now: .start)
        #expect(decision.problems.first?.text.contains("minCapacity 60 above maxCapacity 50") == true)
    }

    @Test(
        "The setting has the same form in the file and in the environment, and its problems name the pattern")
    func setting() throws {
        let texts = [
            "build-*": "Europe/Berlin Mon-Fri 08:00-18:00 min=10 max=200; Sat,Sun 10:00-16:00 max=20",
            "signing": "UTC Mon-Sun 22:00-06:00 max=1",
        ]
        let expected = try WorkerTypePatterns(texts.mapValues { try CapacitySchedule($0) })
        let file = try Settings(
            file: ["schedules": .object(texts.mapValues(JSONValue.string))], environment: [:])
        #expect(file.rules.schedules == expected)
        let variable = texts.map { "\($0.key) = \($0.value)" }.joined(separator: " | ")
        let environment = try Settings(file: [:], environment: ["AWS_PROVISIONER_SCHEDULES": variable])
        #expect(environment.rules.schedules == expected)
        let error = #expect(throws: Settings.Problems.self) {
            try Settings(
                file: [
                    "schedules": ["b*": "UTC Mon 08:00-18:00", "a*b": "UTC Mon 08:00-18:00 min=1", "c": 3]
                ],
                environment: [:])
        }
        #expect(error?.problems.count == 3)
        #expect(error?.problems.contains { $0.contains("for b*: must have days, times and bounds") } == true)
    }

    @Test("A worker type without a schedule has the bounds of its definition")
    func none() throws {
        var rules = ProvisioningRules()
        rules.schedules = ["beta": try CapacitySchedule("UTC Mon-Sun 00:00-24:00 min=60")]
        let input = Plan.inputs(
            [.sample("alpha", Self.definition)], pendingTasks: ["alpha": 0], claimedTasks: [:],
            tally: FleetTally([:], holdings: [:]), demand: [:], rules: rules, now: .start
        ).first
        #expect(input?.schedule == nil && input?.change?.change == 1)
    }
}
