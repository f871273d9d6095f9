import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Resources that EC2 shows late, twice or not at all")
struct EventualConsistencyTests {
    private typealias Make = FleetTests

    private func tally(_ state: RegionState, _ launches: [Launch], gone: Set<String> = []) -> CapacityTally {
        let rows = Dictionary(uniqueKeysWithValues: launches.map { ($0.id, $0) })
        return FleetTally(
            Fleet([state], ownership: Make.ownership, launches: rows), launches: rows,
            workerTypes: [.sample()], gone: gone, claimGrace: 0, now: Make.now)["alpha"]
    }

    @Test("A resource in two pages counts once, with its last state")
    func twice() {
        let state = Make.state(
            [Make.instance("i-1", .pending), Make.instance("i-2"), Make.instance("i-1")],
            [Make.request("sir-1"), Make.request("sir-1", .active)])
        #expect(state.instances.map(\.id) == ["i-1", "i-2"])
        #expect(state.instances.first?.state == .running)
        #expect(state.spotRequests.map(\.state) == [.active])
        var more = Make.state([Make.instance("i-1")])
        more.add([Make.instance("i-1", .terminated), Make.instance("i-3")])
        #expect(more.instances.map(\.state) == [.terminated, .running])
    }

    @Test("An instance without tags belongs to the launch with its id")
    func attribution() {
        var byToken = Make.instance("i-2", isTagged: false)
        byToken.clientToken = "l2"
        let state = Make.state([
            Make.instance("i-1", isTagged: false), byToken,
            Make.instance("i-3", request: "sir-3", isTagged: false), Make.instance("i-4", isTagged: false),
        ])
        let launches = [
            Make.launch("l1", instance: "i-1"), Make.launch("l2"), Make.launch("l3", request: "sir-3"),
        ]
        let fleet = Fleet(
            [state], ownership: Make.ownership,
            launches: Dictionary(uniqueKeysWithValues: launches.map { ($0.id, $0) }))
        #expect(fleet.instances.map(\.launchId) == ["l1", "l2", "l3"])
        #expect(fleet.unattributed.map(\.id) == ["i-4"])
        #expect(tally(state, launches).total == 3)
    }

    @Test("An instance that EC2 shows before its request belongs to the launch")
    func instanceFirst() throws {
        let launch = Make.launch("l1", state: .submitted, request: "sir-1")
        let result = Reconciliation(
            launches: [launch],
            states: [Make.state([Make.instance("i-1", request: "sir-1", isTagged: false)])],
            now: Make.now, rules: ProvisioningRules())
        #expect(result.updates.map(\.instanceId) == ["i-1"])
        #expect(result.updates.map(\.startedAt) == [.start])
        #expect(result.untagged.map(\.launch.id) == ["l1"])
    }

    @Test("A request that was just cancelled is reserved below maxCapacity, and takes no task")
    func unsettled() {
        let state = Make.state([], [Make.request("sir-1", launch: "l1")])
        let tally = tally(state, [Make.launch("l1", request: "sir-1")], gone: ["sir-1"])
        #expect(tally == CapacityTally(unsettled: 1))
        func change(max: Int, pending: Int = 5) -> Int {
            CapacityChange(pendingTasks: pending, tally: tally, definition: .sample(maxCapacity: max)).change
        }
        #expect(change(max: 100) == 5)
        #expect(change(max: 5) == 4)
        #expect(change(max: 1) == 0)
        #expect(change(max: 0) == 0)
        #expect(
            CapacityChange(
                pendingTasks: 0, tally: tally, definition: .sample(minCapacity: 3, maxCapacity: 3)
            ).change == 2)
    }

    @Test("A request that was cancelled during its fulfilment counts until EC2 shows its instance")
    func cancelledAndRunning() {
        let request = Make.request(
            "sir-1", .cancelled, code: "request-canceled-and-instance-running", launch: "l1", instance: "i-1")
        let launch = Make.launch("l1", request: "sir-1")
        let result = Reconciliation(
            launches: [launch], states: [Make.state([], [request])], now: Make.now, rules: ProvisioningRules()
        )
        #expect(result.updates.map(\.instanceId) == ["i-1"])
        #expect(result.ended.isEmpty)
        #expect(tally(Make.state([], [request]), result.updates).requested == 1)
        let both = Make.state([Make.instance("i-1", request: "sir-1", isTagged: false)], [request])
        #expect(tally(both, result.updates).total == 1)
    }

    @Test("A request whose instance is shown is not cancelled, even if it is shown as open")
    func openButFulfilled() {
        let state = Make.state(
            [Make.instance("i-1", request: "sir-1")], [Make.request("sir-1", code: "price-too-low")])
        let fleet = Fleet([state], ownership: Make.ownership)
        let retirement = TerminationPlan(
            fleet, present: ["alpha"], removed: [], launches: [:], rules: ProvisioningRules(), now: Make.now)
        #expect(retirement.cancellations.isEmpty)
        #expect(TerminationPlan.surplus(of: .sample(), change: -1, fleet: fleet, gone: []).isEmpty)
    }

    @Test("A request whose instance was terminated ends its launch, and reports an interruption")
    func requestTells() throws {
        let request = Make.request(
            "sir-1", .closed, code: "instance-terminated-no-capacity", launch: "l1", instance: "i-1")
        let result = Reconciliation(
            launches: [Make.launch("l1", request: "sir-1")], states: [Make.state([], [request])],
            now: Make.now, rules: ProvisioningRules())
        #expect(result.ended.map(\.errorCode) == ["instance-terminated-no-capacity"])
        let interruption = try #require(result.interruptions.first)
        #expect(interruption.instanceId == "i-1")
        #expect(interruption.pool == Make.pool)
        let user = Make.request(
            "sir-1", .closed, code: "instance-terminated-by-user", launch: "l1", instance: "i-1")
        let other = Reconciliation(
            launches: [Make.launch("l1", request: "sir-1")], states: [Make.state([], [user])],
            now: Make.now, rules: ProvisioningRules())
        #expect(other.ended.count == 1)
        #expect(other.interruptions.isEmpty)
    }

    @Test("Status codes of requests have documented consequences")
    func statusCodes() {
        #expect(EC2Codes.failure(spotRequestStatus: "capacity-not-available")?.kind == .noCapacity)
        #expect(EC2Codes.failure(spotRequestStatus: "schedule-expired")?.kind == .noCapacity)
        #expect(EC2Codes.failure(spotRequestStatus: "price-too-low")?.kind == .priceTooLow)
        #expect(EC2Codes.failure(spotRequestStatus: "bad-parameters")?.kind == .definition)
        #expect(EC2Codes.failure(spotRequestStatus: "limit-exceeded")?.kind == .regionLimit)
        #expect(EC2Codes.failure(spotRequestStatus: "canceled-before-fulfillment") == nil)
        #expect(EC2Codes.failure(spotRequestStatus: "not-scheduled-yet") == nil)
    }

    @Test("Values that were stored without volumes and unsettled capacity can be read")
    func oldRecords() throws {
        let instance = Make.instance("i-1")
        var record = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(instance)) as? [String: Any])
        #expect(record.removeValue(forKey: "volumeIds") != nil)
        let data = try JSONSerialization.data(withJSONObject: record)
        #expect(try JSONDecoder().decode(Instance.self, from: data) == instance)
        let tally = Data(#"{"running":1,"pending":2,"requested":3}"#.utf8)
        #expect(
            try JSONDecoder().decode(CapacityTally.self, from: tally)
                == CapacityTally(running: 1, booting: 2, requested: 3))
    }
}

@Suite("The verification of terminations")
struct TerminationReviewTests {
    private typealias Make = FleetTests

    private func review(
        _ state: Instance.State?, minutes: Double, region: String = "us-east-1"
    ) -> TerminationReview {
        let record = TerminationRecord(
            instanceId: "i-1", region: region, workerType: "alpha", launchId: nil, reason: .maxLife,
            askedAt: Make.now.plus(minutes: -60), lastAskedAt: Make.now.plus(minutes: -minutes))
        return TerminationReview(
            pending: [record], states: [Make.state(state.map { [Make.instance("i-1", $0)] } ?? [])],
            rules: ProvisioningRules(), now: Make.now)
    }

    @Test("An instance that shuts down or is terminated is gone at any time")
    func gone() {
        #expect(review(.shuttingDown, minutes: 1).gone == ["i-1"])
        #expect(review(.terminated, minutes: 60).gone == ["i-1"])
    }

    @Test("An instance that is shown alive is awaited for five minutes, then overdue")
    func overdue() {
        let early = review(.running, minutes: 4.9)
        #expect(early.awaited == ["i-1"] && early.overdue.isEmpty && early.gone.isEmpty)
        let late = review(.stopping, minutes: 5)
        #expect(late.awaited.isEmpty && late.overdue.map(\.instanceId) == ["i-1"] && late.gone.isEmpty)
    }

    @Test("An instance that is not shown is gone after five minutes, unless its region was not read")
    func unseen() {
        #expect(review(nil, minutes: 4).awaited == ["i-1"])
        #expect(review(nil, minutes: 6).gone == ["i-1"])
        let elsewhere = review(nil, minutes: 6, region: "eu-west-1")
        #expect(elsewhere.gone.isEmpty && elsewhere.awaited.isEmpty && elsewhere.overdue.isEmpty)
    }
}
