import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("Launches and the resources that EC2 shows")
struct ReconciliationTests {
    private typealias Make = FleetTests

    private func reconcile(
        _ launches: [Launch], _ state: RegionState, now: Date = .start.plus(minutes: 5)
    ) -> Reconciliation {
        Reconciliation(launches: launches, states: [state], now: now, rules: ProvisioningRules())
    }

    @Test("A launch whose response was lost is found by its tag")
    func found() {
        let result = reconcile(
            [Make.launch("l1", state: .stored)], Make.state([Make.instance("i-1", launch: "l1")]))
        #expect(result.updates.map(\.instanceId) == ["i-1"])
        #expect(result.updates.map(\.state) == [.visible])
        #expect(result.repeats.isEmpty)
    }

    @Test("A launch that EC2 does not show is repeated, and lost after 15 minutes")
    func repeated() {
        let launch = Make.launch("l1", state: .stored)
        #expect(reconcile([launch], Make.state([])).repeats.map(\.id) == ["l1"])
        let late = reconcile([launch], Make.state([]), now: .start.plus(minutes: 15.1))
        #expect(late.repeats.isEmpty)
        #expect(late.updates.map(\.state) == [.lost])
    }

    @Test("A submitted launch that EC2 does not show yet is not repeated")
    func waiting() {
        let result = reconcile([Make.launch("l1", state: .submitted, instance: "i-1")], Make.state([]))
        #expect(result.repeats.isEmpty)
        #expect(result.updates.isEmpty)
    }

    @Test("A launch whose instance is missing ends after 15 minutes, not at once")
    func vanished() throws {
        let launch = Make.launch("l1", instance: "i-1")
        let missed = try #require(reconcile([launch], Make.state([])).updates.first)
        #expect(missed.state == .visible)
        #expect(missed.missingSince == .start.plus(minutes: 5))
        let back = try #require(
            reconcile([missed], Make.state([Make.instance("i-1", launch: "l1")])).updates.first)
        #expect(back.missingSince == nil)
        let gone = try #require(
            reconcile([missed], Make.state([]), now: .start.plus(minutes: 21)).updates.first)
        #expect(gone.state == .ended)
    }

    @Test("A lost launch becomes visible again when EC2 shows its instance")
    func revived() {
        let result = reconcile(
            [Make.launch("l1", state: .lost)], Make.state([Make.instance("i-1", launch: "l1")]))
        #expect(result.updates.map(\.state) == [.visible])
    }

    @Test("A terminated instance ends its launch, with EC2's reason")
    func terminated() throws {
        var instance = Make.instance("i-1", .terminated, launch: "l1")
        instance.stateReason = "Server.SpotInstanceTermination"
        let ended = try #require(reconcile([Make.launch("l1")], Make.state([instance])).updates.first)
        #expect(ended.state == .ended)
        #expect(ended.errorCode == "Server.SpotInstanceTermination")
    }

    @Test("An instance without the tags of its request is reported for tagging")
    func untagged() {
        let result = reconcile(
            [Make.launch("l1", request: "sir-1")],
            Make.state(
                [Make.instance("i-1", request: "sir-1", isTagged: false)],
                [Make.request("sir-1", .active, launch: "l1", instance: "i-1")]))
        #expect(result.untagged.map(\.instance.id) == ["i-1"])
        #expect(result.untagged.map(\.launch.id) == ["l1"])
    }

    @Test("A request that ended without an instance ends its launch")
    func requestEnded() {
        let result = reconcile(
            [Make.launch("l1", request: "sir-1")],
            Make.state([], [Make.request("sir-1", .closed, code: "schedule-expired", launch: "l1")]))
        #expect(result.updates.map(\.state) == [.ended])
        #expect(result.updates.map(\.errorCode) == ["schedule-expired"])
    }

    @Test("Launches in regions that were not read do not change")
    func otherRegion() {
        let state = RegionState(
            region: "eu-west-1", instances: [], spotRequests: [], availabilityZones: [], fetchedAt: .start)
        let result = reconcile([Make.launch("l1", state: .stored)], state, now: .start.plus(minutes: 60))
        #expect(result.updates.isEmpty)
        #expect(result.repeats.isEmpty)
    }
}

@Suite("Boot failures")
struct BootFailureTests {
    private let now = Date.start.plus(minutes: 120)

    private func failures(_ launches: [Launch], definition: Date = .start) -> BootFailures {
        BootFailures(
            launches: launches, definitionModified: definition, now: now, rules: ProvisioningRules())
    }

    /// A launch of the given number of minutes ago that never checked in.
    private func failed(_ minutes: Double, definition: Date = .start) -> Launch {
        FleetTests.launch(
            "l\(minutes)", instance: "i-\(minutes)", created: now.plus(minutes: -minutes),
            expires: now.plus(minutes: -1), definition: definition)
    }

    @Test("Five consecutive failures hold a worker type until 30 minutes after the latest launch")
    func held() {
        #expect(failures((1...4).map { failed(Double($0)) }).heldUntil == nil)
        let held = failures((10...14).map { failed(Double($0)) })
        #expect(held.inARow == 5)
        #expect(held.heldUntil == now.plus(minutes: 20))
        #expect(!held.isProbe)
    }

    @Test("After the hold, one launch at a time is allowed")
    func probe() {
        let probing = failures((31...36).map { failed(Double($0)) })
        #expect(probing.isProbe)
        #expect(probing.heldUntil == nil)
    }

    @Test("A check-in ends the count, and so does a new definition")
    func reset() {
        let checkedIn = FleetTests.launch(
            "ok", instance: "i-ok", created: now.plus(minutes: -12), checkedIn: now.plus(minutes: -10))
        #expect(failures([failed(10), checkedIn] + (13...20).map { failed(Double($0)) }).inARow == 1)
        #expect(failures((10...15).map { failed(Double($0)) }, definition: now).inARow == 0)
    }

    @Test("Launches that EC2 refused or reclaimed are not boot failures")
    func notTheImage() {
        let interrupted = FleetTests.launch(
            "x", state: .ended, instance: "i-x", created: now.plus(minutes: -9),
            error: "Server.SpotInstanceTermination")
        let refused = FleetTests.launch("y", state: .failed, created: now.plus(minutes: -8))
        #expect(failures([refused, interrupted]).inARow == 0)
    }
}

@Suite("Holds")
struct BackOffTests {
    private let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
    private let failure = ServiceFailure(
        kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "m")

    @Test("Each consecutive failure doubles a hold, up to the maximum")
    func growth() {
        var hold: Hold?
        var minutes: [Double] = []
        for _ in 0..<6 {
            let next = Hold.after(
                hold, subject: .pool(pool), failure: failure, rules: ProvisioningRules(), now: .start)
            minutes.append(next.until.timeIntervalSince(.start) / 60)
            hold = next
        }
        #expect(minutes == [15, 30, 60, 120, 240, 240])
    }

    @Test("A success ends the hold and halves its failures; the hold is removed with the last failure")
    func easing() throws {
        var hold = Hold.after(
            nil, subject: .pool(pool), failure: failure, rules: ProvisioningRules(), now: .start)
        #expect(hold.decayed(now: .start) == nil)
        for _ in 0..<4 {
            hold = Hold.after(
                hold, subject: .pool(pool), failure: failure, rules: ProvisioningRules(), now: .start)
        }
        #expect(hold.failures == 5)
        let eased = try #require(hold.decayed(now: .start.plus(minutes: 3)))
        #expect(eased.failures == 2)
        #expect(eased.until == .start.plus(minutes: 3))
        let next = Hold.after(
            eased, subject: .pool(pool), failure: failure, rules: ProvisioningRules(),
            now: .start.plus(minutes: 4))
        #expect(next.until == .start.plus(minutes: 64))
    }

    @Test("A hold does not count one day after its end")
    func forgotten() {
        let old = Hold(
            subject: .pool(pool), until: .start, failures: 4, code: "c", message: "m", since: .start)
        func failures(after minutes: Double) -> Int {
            Hold.after(
                old, subject: .pool(pool), failure: failure, rules: ProvisioningRules(),
                now: .start.plus(minutes: minutes)
            ).failures
        }
        #expect(failures(after: 23 * 60) == 5)
        #expect(failures(after: 25 * 60) == 1)
    }

    @Test("A hold blocks its subject and nothing else")
    func subjects() {
        func holds(_ subject: HoldSubject) -> Holds {
            Holds(
                [
                    Hold.after(
                        nil, subject: subject, failure: failure, rules: ProvisioningRules(), now: .start)
                ], now: .start)
        }
        let other = Pool(
            region: pool.region, availabilityZone: pool.availabilityZone, instanceType: "m5.xlarge")
        let spot = holds(.pool(pool))
        #expect(
            spot.blockedUntil(pool) != nil && !spot.isOnDemandBlocked(pool) && spot.blockedUntil(other) == nil
        )
        let onDemand = holds(.onDemandPool(pool))
        #expect(
            onDemand.blockedUntil(pool) == nil && onDemand.isOnDemandBlocked(pool)
                && !onDemand.isOnDemandBlocked(other))
        let zone = holds(.zone(region: pool.region, zone: pool.availabilityZone))
        #expect(zone.blockedUntil(other) != nil && zone.isOnDemandBlocked(other))
        #expect(!zone.isOnDemandBlocked(in: pool.region))
        let region = holds(.region(pool.region))
        #expect(region.blockedUntil(other) != nil && region.isOnDemandBlocked(other))
    }

    @Test("A spot limit of a region blocks its spot pools and not its on-demand capacity")
    func spotLimit() {
        let limit = Hold.after(
            nil, subject: .regionSpot("us-east-1"), failure: failure, rules: ProvisioningRules(), now: .start)
        let holds = Holds([limit], now: .start)
        #expect(holds.blockedUntil(pool) == .start.plus(minutes: 5))
        #expect(!holds.isOnDemandBlocked(in: "us-east-1"))
        #expect(Holds([limit], now: .start.plus(minutes: 6)).blockedUntil(pool) == nil)
    }
}
