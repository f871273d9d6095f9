import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

@Suite("Pauses")
struct PauseTests {
    private static let prices = [
        ("us-east-1a", "c5.xlarge", 0.1), ("us-east-1b", "m5.xlarge", 0.2),
    ]
    private static let definition = WorkerTypeDefinition.sample(
        minCapacity: 2, types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)])

    private func pause(_ kind: PauseSubject.Kind, _ name: String, until: Date? = nil) -> Pause {
        Pause(PauseSubject(kind, name), since: .start, until: until, author: "alice", reason: "broken")
    }

    private func decide(
        _ pauses: [Pause], _ definition: WorkerTypeDefinition = Self.definition, now: Date = .start
    ) -> WorkerTypeDecision {
        let holds = Holds([], pauses: pauses, now: now)
        return WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: .sample("alpha", definition), pendingTasks: 2, tally: CapacityTally(),
                launches: []),
            market: WorkerTypeDecision.MarketView(
                book: PriceBook(
                    Self.prices.map {
                        SpotPrice(
                            pool: Pool(region: "us-east-1", availabilityZone: $0.0, instanceType: $0.1),
                            price: Price(usd: $0.2), timestamp: .start)
                    }, zones: PoolChoiceTests.zones, holds: holds), holds: holds,
                zones: PoolChoiceTests.zones), rules: ProvisioningRules(), now: now)
    }

    @Test(
        "A paused worker type buys nothing, also below minCapacity, and its decision names author and reason")
    func workerType() {
        let paused = decide([pause(.workerType, "alpha")])
        #expect(paused.change?.change == 2 && paused.bids.isEmpty)
        #expect(
            paused.problems.map(\.description) == [
                "paused: worker type alpha is paused by alice since 2023-11-14T22:13:20Z, until it is resumed: broken"
            ])
        #expect(decide([pause(.workerType, "beta")]) == decide([]))
    }

    @Test("A paused instance type or region is left out, on demand too, and others are bought")
    func pools() {
        let type = decide([pause(.instanceType, "c5.xlarge")])
        #expect(Set(type.bids.map(\.pool.instanceType)) == ["m5.xlarge"])
        let candidate = type.choice?.candidates.first { $0.pool.instanceType == "c5.xlarge" }
        #expect(candidate?.refusal == .held && candidate?.backedOffUntil == nil)
        #expect(candidate?.heldBecause == "instance type c5.xlarge (paused)")
        #expect(type.pauses?.map(\.subject) == [PauseSubject(.instanceType, "c5.xlarge")])

        var definition = Self.definition
        definition.canUseOndemand = true
        let region = decide([pause(.region, "us-east-1")], definition)
        #expect(region.bids.isEmpty)
        #expect(region.problems.map(\.kind) == [.paused])
        #expect(region.hold?.hasPrefix("region us-east-1 is paused by alice") == true)
    }

    @Test("Pauses that leave no pool pause the worker type, and others do not")
    func allPools() {
        let types = [pause(.instanceType, "c5.xlarge"), pause(.instanceType, "m5.xlarge")]
        let paused = decide(types)
        #expect(paused.isPaused && paused.bids.isEmpty)
        #expect(paused.hold?.contains("alice") == true && paused.hold?.contains("m5.xlarge") == true)
        #expect(!decide([types[0], pause(.instanceType, "r5.xlarge")]).isPaused)

        var definition = Self.definition
        definition.regions.append(RegionConfiguration(region: "us-west-2", launchSpec: [:]))
        #expect(
            decide([pause(.region, "us-east-1"), pause(.region, "us-west-2")], definition).hold
                != nil)
        let other = decide([pause(.region, "us-west-2")], definition)
        #expect(!other.isPaused && other.bids.count == 2)
        let onlyPriced = decide([pause(.region, "us-east-1")], definition)
        #expect(
            onlyPriced.isPaused && onlyPriced.hold == nil,
            "the other region has no prices, so that the pause holds every affordable pool")
    }

    @Test("The text of many pauses is short")
    func manyPauses() {
        let names = (1...9).map { "c5.\($0)xlarge" }
        let decision = decide(
            names.map { pause(.instanceType, $0) }, .sample(minCapacity: 2, types: names.map { ($0, 1, 1) }))
        #expect(decision.hold?.hasSuffix("; and 6 more pauses") == true)
    }

    @Test("A pause ends at its time")
    func end() {
        let pauses = [pause(.workerType, "alpha", until: .start.plus(minutes: 5))]
        #expect(decide(pauses, now: .start.plus(minutes: 4.9)).bids.isEmpty)
        #expect(decide(pauses, now: .start.plus(minutes: 5)).bids.count == 2)
        #expect(decide(pauses, now: .start.plus(minutes: 5)).pauses == nil)
    }

    @Test("A launch under the subject of a pause does not end it")
    func launch() {
        var ledger = HoldLedger(
            [], pauses: [pause(.region, "us-east-1", until: .start.plus(minutes: 9))],
            rules: ProvisioningRules(), now: .start)
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        let target = LaunchTarget(in: pool, .spot)
        _ = ledger.recordLaunch(of: target)
        #expect(ledger.active.isPaused(target) && ledger.active.hold(on: pool, .onDemand) != nil)
        #expect(ledger.nextEnd == .start.plus(minutes: 9))
        let other = Pool(region: "eu-west-1", availabilityZone: "eu-west-1a", instanceType: "c5.xlarge")
        #expect(!ledger.active.isPaused(LaunchTarget(in: other, .spot)))
    }
}
