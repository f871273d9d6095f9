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

    @Test(
        "Closed requests of open launches are read by id, and those with a listed request or a live instance are not"
    )
    func unlisted() {
        var instance = Make.instance("i-1", launch: "l1")
        instance.spotRequestId = "sir-1"
        let ended = Make.instance("i-2", .terminated, launch: "l2")
        let launches = [
            ("l1", "i-1", "sir-1"), ("l2", "i-2", "sir-2"), ("l3", nil, "sir-3"), ("l4", nil, "sir-4"),
        ]
        .map { id, instance, request in
            var launch = Make.launch(id, instance: instance)
            launch.spotRequestId = request
            return launch
        }
        var state = Make.state([instance, ended])
        state.add([request("sir-4", .open)])
        #expect(state.unlistedRequests(of: launches) == ["sir-2", "sir-3"])
        #expect(state.unlistedInstances(of: launches).isEmpty)
        state.add([request("sir-3", .cancelled, instance: "i-3")])
        #expect(state.unlistedRequests(of: launches) == ["sir-2"])
        #expect(state.unlistedInstances(of: launches) == ["i-3"])
    }

    private func request(_ id: String, _ state: SpotRequest.State, instance: String? = nil) -> SpotRequest {
        SpotRequest(
            id: id, region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge",
            imageId: "ami-1",
            state: state, statusCode: "", createTime: .start, instanceId: instance)
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
