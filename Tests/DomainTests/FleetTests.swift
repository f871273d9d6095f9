import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("Capacity and terminations of a fleet")
struct FleetTests {
    static let ownership = Ownership(provisionerId: "p", keyPrefix: "p:")
    static let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
    static let now = Date.start.plus(minutes: 30)

    static func launch(
        _ id: String, state: Launch.State = .visible, instance: String? = nil, request: String? = nil,
        region: String = "us-east-1", type: String = "c5.xlarge", created: Date = .start,
        expires: Date? = nil, checkedIn: Date? = nil, ended: Date? = nil, workerType: String = "alpha",
        definition: String? = nil, error: String? = nil, capacity: Int = 1
    ) -> Launch {
        Launch(
            id: id, workerType: workerType, definitionModified: .start, definition: definition, iteration: 1,
            pool: Pool(region: region, availabilityZone: region + "a", instanceType: type),
            capacity: capacity, market: .spot, mode: .runInstances, spotPrice: .zero, effectivePrice: .zero,
            bidPrice: .zero, createdAt: created, secretExpires: expires ?? created.plus(minutes: 40),
            state: state, instanceId: instance, spotRequestId: request, checkedInAt: checkedIn,
            endedAt: ended, errorCode: error)
    }

    static func instance(
        _ id: String, _ state: Instance.State = .running, workerType: String = "alpha",
        launch: String? = nil, started: Date = .start, request: String? = nil, type: String = "c5.xlarge",
        owner: String = "p", key: String? = nil, isTagged: Bool = true
    ) -> Instance {
        var tags = isTagged ? ["Owner": owner, "WorkerType": "\(owner)/\(workerType)"] : [:]
        if let launch { tags["LaunchId"] = launch }
        return Instance(
            id: id, pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: type),
            imageId: "ami-1", state: state, launchTime: started, spotRequestId: request, keyName: key,
            tags: tags)
    }

    static func request(
        _ id: String, _ state: SpotRequest.State = .open, code: String = "pending-evaluation",
        launch: String? = nil, created: Date = now, instance: String? = nil, workerType: String = "alpha"
    ) -> SpotRequest {
        var tags = ["Owner": "p", "WorkerType": "p/\(workerType)"]
        if let launch { tags["LaunchId"] = launch }
        return SpotRequest(
            id: id, region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge",
            imageId: "ami-1", state: state, statusCode: code, createTime: created, instanceId: instance,
            tags: tags)
    }

    static func state(_ instances: [Instance], _ requests: [SpotRequest] = []) -> RegionState {
        RegionState(
            region: "us-east-1", instances: instances, spotRequests: requests,
            availabilityZones: ["us-east-1a"], fetchedAt: now)
    }

    private func tally(
        _ state: RegionState, _ launches: [Launch] = [], gone: Set<String> = [],
        types: [(String, Int, Double)] = [("c5.xlarge", 1, 1)]
    ) -> CapacityTally {
        let tally = FleetTally(
            Fleet([state], ownership: Self.ownership),
            launches: Dictionary(uniqueKeysWithValues: launches.map { ($0.id, $0) }),
            workerTypes: [.sample("alpha", .sample(types: types))], gone: gone, claimGrace: 120,
            now: Self.now)
        // By pool it is the same capacity.
        #expect(tally.holdings(of: "alpha").values.reduce(0, +) == tally["alpha"].total)
        return tally["alpha"]
    }

    @Test("An instance counts as running after its worker checked in, and as booting before")
    func checkIn() {
        let fleet = Self.state([
            Self.instance("i-1", launch: "l1"), Self.instance("i-2", launch: "l2"),
            Self.instance("i-3", .pending, launch: "l3"), Self.instance("i-4"),
        ])
        let launches = [
            Self.launch("l1", checkedIn: .start), Self.launch("l2"), Self.launch("l3"),
        ]
        #expect(tally(fleet, launches) == CapacityTally(running: 2, booting: 2, requested: 0))
    }

    @Test(
        "An instance counts as booting for claimGrace after its check-in, also where that is during the iteration"
    )
    func claimGrace() {
        let launches = [("l1", -119.0), ("l2", -120), ("l3", 5), ("l4", 7200)].map {
            Self.launch($0.0, checkedIn: Self.now.addingTimeInterval($0.1))
        }
        let fleet = Self.state((1...4).map { Self.instance("i-\($0)", launch: "l\($0)") })
        #expect(tally(fleet, launches) == CapacityTally(running: 2, booting: 2, claiming: 2))
    }

    @Test("An instance of a type that the definition no longer lists counts with the capacity of its launch")
    func droppedType() {
        let launches = ["l1", "l2", "l3"].map {
            Self.launch($0, type: "c5.4xlarge", checkedIn: $0 == "l2" ? .start : nil, capacity: 8)
        }
        let fleet = Self.state([
            Self.instance("i-1", .pending, launch: "l1", type: "c5.4xlarge"),
            Self.instance("i-2", launch: "l2", type: "c5.4xlarge"),
            Self.instance("i-4", type: "c5.4xlarge"),
        ])
        #expect(
            tally(fleet, launches) == CapacityTally(running: 8 + 1, booting: 8, requested: 8),
            "an instance without a launch has capacity 1")
    }

    @Test("A submitted launch that EC2 does not show yet counts as requested, once")
    func requested() {
        let fleet = Self.state([], [Self.request("sir-1", launch: "l1"), Self.request("sir-2")])
        let launches = [
            Self.launch("l1", state: .submitted, request: "sir-1"), Self.launch("l2", state: .stored),
            Self.launch("l3", state: .failed), Self.launch("l4", state: .lost),
        ]
        #expect(tally(fleet, launches) == CapacityTally(running: 0, booting: 0, requested: 3))
    }

    @Test("A request and its own instance count once")
    func fulfilled() {
        let fleet = Self.state(
            [Self.instance("i-1", request: "sir-1", isTagged: false)],
            [Self.request("sir-1", .active, launch: "l1", instance: "i-1")])
        let launches = [Self.launch("l1", instance: "i-1", request: "sir-1")]
        #expect(tally(fleet, launches).total == 1)
    }

    @Test("Instances that shut down, and resources that were just terminated, do not count")
    func goingAway() {
        let fleet = Self.state([
            Self.instance("i-1", .shuttingDown), Self.instance("i-2", .terminated),
            Self.instance("i-3", .stopped), Self.instance("i-4"),
        ])
        #expect(tally(fleet, gone: ["i-4"]).total == 0)
    }

    @Test("Instances count with the capacity of their type, or 1 if the type is no longer listed")
    func capacities() {
        let fleet = Self.state([
            Self.instance("i-1", type: "c5.4xlarge"), Self.instance("i-2", type: "m1.small"),
        ])
        #expect(tally(fleet, types: [("c5.4xlarge", 4, 1)]).running == 5)
    }

    @Test(
        "Foreign resources are not in the fleet; instances with the key pair of the deployment are reported")
    func foreignResources() {
        let fleet = Fleet(
            [
                Self.state([
                    Self.instance("i-1", owner: "other"), Self.instance("i-2", key: "p:123", isTagged: false),
                    Self.instance("i-3", workerType: ""),
                ])
            ], ownership: Self.ownership)
        #expect(fleet.instances.isEmpty)
        #expect(fleet.unattributed.map(\.id).contains("i-2"))
    }

    private func retire(
        _ state: RegionState, _ launches: [Launch] = [], removed: Set<String> = [],
        readRegions: Set<String>? = nil, rules: ProvisioningRules = ProvisioningRules(),
        now: Date = FleetTests.now
    ) -> TerminationPlan {
        TerminationPlan(
            Fleet([state], ownership: Self.ownership), readRegions: readRegions, present: ["alpha"],
            removed: removed,
            launches: Dictionary(uniqueKeysWithValues: launches.map { ($0.id, $0) }), rules: rules, now: now)
    }

    @Test(
        "Orphans of a removed worker type are terminated; orphans of an unknown type only if a setting allows it"
    )
    func orphans() {
        let fleet = Self.state(
            [
                Self.instance("i-1", workerType: "old", launch: "l1"),
                Self.instance("i-2", workerType: "strange"),
                Self.instance("i-3", .stopped, workerType: "old", launch: "l3"), Self.instance("i-4"),
                Self.instance("i-5", workerType: "old", launch: "other database"),
            ],
            [
                Self.request("sir-1", launch: "l6", workerType: "old"),
                Self.request("sir-2", launch: "other database", workerType: "old"),
            ])
        let launches = ["l1", "l3", "l6"].map { Self.launch($0, workerType: "old") }
        let careful = retire(fleet, launches, removed: ["old"])
        #expect(careful.terminations.map(\.instance.id).sorted() == ["i-1", "i-3"])
        #expect(careful.cancellations.map(\.request.id) == ["sir-1"])
        #expect(careful.unknown == ["strange": ["i-2"], "alpha": ["i-4"], "old": ["i-5"]])
        var rules = ProvisioningRules()
        rules.terminateUnknown = true
        #expect(
            retire(fleet, launches, removed: ["old"], rules: rules).terminations.map(\.instance.id).sorted()
                == ["i-1", "i-2", "i-3", "i-5"])
    }

    @Test("Nothing is terminated or cancelled in a region whose last known state is shown")
    func unreadRegion() {
        let fleet = Self.state(
            [Self.instance("i-1", workerType: "old", launch: "l1")],
            [Self.request("sir-1", launch: "l2", workerType: "old")])
        let launches = ["l1", "l2"].map { Self.launch($0, workerType: "old") }
        let elsewhere = retire(fleet, launches, removed: ["old"], readRegions: ["eu-west-1"])
        #expect(elsewhere.terminations.isEmpty && elsewhere.cancellations.isEmpty)
        let read = retire(fleet, launches, removed: ["old"], readRegions: ["us-east-1"])
        #expect(read.terminations.count == 1 && read.cancellations.count == 1)
    }

    @Test("The maximum age counts from the launch time")
    func maxLife() {
        let fleet = Self.state([
            Self.instance("i-1", launch: "l1", started: Self.now.addingTimeInterval(-96 * 3600 - 1)),
            Self.instance("i-2", launch: "l2", started: Self.now.addingTimeInterval(-96 * 3600 + 1)),
            Self.instance("i-3", started: Self.now.addingTimeInterval(-96 * 3600 - 1)),
        ])
        let launches = ["l1", "l2"].map { Self.launch($0, checkedIn: .start) }
        #expect(retire(fleet, launches).terminations.map(\.instance.id) == ["i-1"])
    }

    @Test("An instance whose secret expired unfetched is terminated, unless it checked in")
    func unclaimed() {
        let fleet = Self.state([
            Self.instance("i-1", launch: "l1"), Self.instance("i-2", launch: "l2"), Self.instance("i-3"),
        ])
        let launches = [
            Self.launch("l1", expires: Self.now.plus(minutes: -1)),
            Self.launch("l2", expires: Self.now.plus(minutes: -1), checkedIn: .start),
        ]
        #expect(retire(fleet, launches).terminations.map(\.instance.id) == ["i-1"])
        var rules = ProvisioningRules()
        rules.terminateUnclaimed = false
        #expect(retire(fleet, launches, rules: rules).terminations.isEmpty)
    }

    @Test("Stalled requests are cancelled, by age or by status code")
    func stalled() {
        let fleet = Self.state(
            [],
            [
                Self.request("sir-1", created: Self.now.plus(minutes: -21)),
                Self.request("sir-2", code: "price-too-low"), Self.request("sir-3"),
                Self.request("sir-4", .active, code: "fulfilled", created: .start),
            ])
        #expect(retire(fleet).cancellations.map(\.request.id).sorted() == ["sir-1", "sir-2"])
    }

    @Test("Surplus requests are cancelled newest first, while they fit")
    func surplus() {
        let fleet = Fleet(
            [
                Self.state(
                    [],
                    (1...3).map { Self.request("sir-\($0)", created: Date.start.plus(minutes: Double($0))) })
            ], ownership: Self.ownership)
        let surplus = TerminationPlan.surplus(of: .sample(), change: -2, fleet: fleet, gone: [])
        #expect(surplus.map(\.request.id) == ["sir-3", "sir-2"])
        #expect(TerminationPlan.surplus(of: .sample(), change: 1, fleet: fleet, gone: []).isEmpty)
    }
}
