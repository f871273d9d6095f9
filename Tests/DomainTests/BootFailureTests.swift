import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("Boot failures")
struct BootFailureTests {
    private typealias Make = FleetTests

    private static let now = Date.start.plus(minutes: 120)
    private static let type = WorkerType.sample(
        "alpha",
        .sample(types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)], regions: ["us-east-1", "eu-west-1"]),
        lastModified: .start)
    private static let rules = ProvisioningRules()

    private func failures(
        _ launches: [Launch], of type: WorkerType = BootFailureTests.type, tasksAreTaken: Bool = true
    ) -> BootFailures {
        BootFailures(
            launches: launches.sorted { $0.createdAt > $1.createdAt }, of: type, tasksAreTaken: tasksAreTaken,
            now: Self.now, rules: Self.rules)
    }

    /// Launches of the given minutes ago that never checked in.
    private func failed(
        _ minutes: some Sequence<Int>, region: String = "us-east-1", type: String = "c5.xlarge",
        definition: String? = BootFailureTests.type.definition.fingerprint
    ) -> [Launch] {
        minutes.map { minute in
            Make.launch(
                "\(region)-\(type)-\(minute)", instance: "i-\(minute)", region: region, type: type,
                created: Self.now.plus(minutes: -Double(minute)), expires: Self.now.plus(minutes: -1),
                definition: definition)
        }
    }

    private func held(_ failures: BootFailures, withProbe: Bool = false) -> Set<String> {
        Set(
            failures.holds(on: Self.type, withProbe: withProbe, rules: Self.rules, now: Self.now).map {
                "\($0.subject.region ?? "") \($0.subject.instanceType ?? "")"
            })
    }

    @Test("Five consecutive failures hold their place until 30 minutes after its latest launch")
    func held() throws {
        #expect(held(failures(failed(1...4))).isEmpty)
        let five = failures(failed(10...14))
        #expect(held(five) == ["us-east-1 c5.xlarge"])
        let record = try #require(five.records.first)
        #expect(record.inARow == 5)
        #expect(record.heldUntil == Self.now.plus(minutes: 20))
        #expect(five.probe == nil)
        #expect(five.problems.map(\.text).first?.contains("us-east-1 c5.xlarge") == true)
    }

    @Test("A held place is due for one probe after 30 minutes, the place with the oldest launch first")
    func probe() {
        let probing = failures(failed(31...36) + failed(40...45, region: "eu-west-1"))
        #expect(probing.probe?.name == "eu-west-1 c5.xlarge")
        #expect(held(probing) == ["us-east-1 c5.xlarge"])
        #expect(held(probing, withProbe: true).count == 2)
    }

    @Test("When every place is held, there is one probe in 30 minutes in all")
    func oneProbe() {
        let places = ["us-east-1", "eu-west-1"].flatMap { region in
            ["c5.xlarge", "m5.xlarge"].map { (region, $0) }
        }
        func all(_ latest: [Int]) -> BootFailures {
            failures(
                zip(places, latest).flatMap { place, minute in
                    failed(minute...(minute + 4), region: place.0, type: place.1)
                })
        }
        #expect(all([5, 40, 50, 60]).probe == nil)
        #expect(all([35, 40, 50, 60]).probe?.name == "eu-west-1 m5.xlarge")
    }

    @Test("Two held types without any check-in hold all types of their region")
    func region() {
        let two = failed(10...14) + failed(15...19, type: "m5.xlarge")
        #expect(failures(two).closedRegions == ["us-east-1"])
        let started = Make.launch(
            "ok", instance: "i-ok", type: "m5.xlarge", created: Self.now.plus(minutes: -100),
            checkedIn: Self.now.plus(minutes: -98), definition: Self.type.definition.fingerprint)
        #expect(failures(two + [started]).closedRegions.isEmpty)
    }

    @Test("A check-in in the same place ends the count, and so does another definition")
    func reset() {
        let started = Make.launch(
            "ok", instance: "i-ok", created: Self.now.plus(minutes: -12),
            checkedIn: Self.now.plus(minutes: -10), definition: Self.type.definition.fingerprint)
        #expect(failures(failed([10]) + [started] + failed(13...20)).records.map(\.inARow) == [1])
        #expect(failures(failed(10...15, definition: "other")).records.isEmpty)
        #expect(failures(failed(10...15, definition: nil)).records.map(\.inARow) == [6], "earlier versions")
    }

    @Test("Storing the same definition again does not end the count")
    func sameDefinition() {
        let again = WorkerType.sample("alpha", Self.type.definition, lastModified: Self.now)
        #expect(failures(failed(10...14), of: again).records.map(\.inARow) == [5])
    }

    @Test(
        "Ends that EC2 or a person caused are no failures",
        arguments: [
            ("Server.SpotInstanceTermination", 0), ("vanished", 0), ("Client.UserInitiatedShutdown", 0),
            ("Client.InstanceInitiatedShutdown", 1), ("Server.InternalError", 1),
        ])
    func causes(code: String, count: Int) {
        let ended = Make.launch(
            "x", state: .ended, instance: "i-x", created: Self.now.plus(minutes: -9),
            ended: Self.now.plus(minutes: -5), definition: Self.type.definition.fingerprint, error: code)
        #expect(failures([ended]).records.map(\.inARow).reduce(0, +) == count)
    }

    @Test("The termination of an instance whose secret expired is a failure")
    func unclaimed() {
        let ended = Make.launch(
            "x", state: .ended, instance: "i-x", created: Self.now.plus(minutes: -60),
            expires: Self.now.plus(minutes: -20), ended: Self.now.plus(minutes: -19),
            definition: Self.type.definition.fingerprint, error: "Client.UserInitiatedShutdown")
        #expect(failures([ended]).records.map(\.inARow) == [1])
    }

    @Test("Workers that end soon after their check-in count if the pending tasks do not become fewer")
    func shortLives() {
        func lives(_ minutes: Double) -> [Launch] {
            (1...5).map { index in
                let start = Self.now.plus(minutes: -Double(index) * 5 - 20)
                return Make.launch(
                    "s\(index)", state: .ended, instance: "i-s\(index)", created: start,
                    checkedIn: start.plus(minutes: 2), ended: start.plus(minutes: 2 + minutes),
                    definition: Self.type.definition.fingerprint, error: "Client.InstanceInitiatedShutdown")
            }
        }
        #expect(held(failures(lives(3), tasksAreTaken: false)) == ["us-east-1 c5.xlarge"])
        #expect(failures(lives(3), tasksAreTaken: true).records.isEmpty)
        #expect(failures(lives(11), tasksAreTaken: false).records.isEmpty)
        #expect(
            BootFailures.firstShortLife(lives(3), of: Self.type, now: Self.now, rules: Self.rules)
                == Self.now.plus(minutes: -45))
        #expect(
            BootFailures.firstShortLife(lives(11), of: Self.type, now: Self.now, rules: Self.rules) == nil)
    }

    @Test("The API is at fault when workers of two types that worked before stop checking in")
    func outage() throws {
        let types = ["alpha", "beta"].map {
            WorkerType.sample($0, Self.type.definition, lastModified: .start)
        }
        let worked = Make.launch(
            "ok", instance: "i-ok", created: Self.now.plus(minutes: -110),
            checkedIn: Self.now.plus(minutes: -100), definition: Self.type.definition.fingerprint)
        func outage(_ records: [[Launch]], lastCheckIn: Double = -100) -> CheckInOutage? {
            CheckInOutage(
                zip(types, records).map { (type: $0, launches: $1) },
                lastCheckIn: Self.now.plus(minutes: lastCheckIn), now: Self.now, rules: Self.rules)
        }
        let both = [failed(41...43) + [worked], failed(44...46) + [worked]]
        let found = try #require(outage(both))
        #expect(found.failures == 6 && found.workerTypes == 2)
        #expect(found.problem(baseUrl: "https://p/v1").contains("https://p/v1"))
        #expect(outage(both, lastCheckIn: -42) == nil, "others check in")
        #expect(outage([failed(41...46) + [worked], []]) == nil, "one worker type")
        #expect(outage([failed(41...43), failed(44...46)]) == nil, "they never worked")
    }
}
