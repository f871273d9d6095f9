import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("The decision for a worker type")
struct DecisionTests {
    private static let prices = [
        ("us-east-1a", "c5.xlarge", 0.1), ("us-east-1b", "c5.xlarge", 0.12),
    ]

    private func decide(
        _ definition: WorkerTypeDefinition = .sample(), pending: Int? = 4, holds: [Hold] = [],
        launches: [Launch] = [], lastModified: Date = .start, now: Date = .start.plus(minutes: 60),
        mode: RequestMode = .runInstances, _ adjust: (inout ProvisioningRules) -> Void = { _ in }
    ) -> WorkerTypeDecision {
        var rules = ProvisioningRules()
        rules.requestMode = mode
        adjust(&rules)
        return WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: .sample("alpha", definition, lastModified: lastModified), pendingTasks: pending,
                tally: CapacityTally(), launches: launches),
            market: WorkerTypeDecision.MarketView(
                book: PoolChoiceTests.book(Self.prices, holds: holds),
                holds: Holds(holds, now: now), zones: PoolChoiceTests.zones),
            rules: rules, now: now)
    }

    private func hold(_ subject: HoldSubject, definition: String? = nil) -> Hold {
        Hold(
            subject: subject, until: .start.plus(minutes: 600), failures: 1, code: "code", message: "message",
            since: .start, definition: definition)
    }

    @Test("Nothing is bought if the Queue does not respond, and the decision reports it")
    func unknownTasks() {
        let decision = decide(pending: nil)
        #expect(decision.bids.isEmpty)
        #expect(decision.change == nil)
        #expect(decision.problems.count == 1)
    }

    @Test(
        "A definition that RequestSpotInstances has no parameters for is stopped in that mode, and says why")
    func requestMode() {
        var definition = WorkerTypeDefinition.sample()
        definition.instanceTypes[0].launchSpec = ["CpuOptions": ["CoreCount": 2]]
        #expect(decide(definition).problems.isEmpty)
        let stopped = decide(definition, mode: .requestSpotInstances)
        #expect(stopped.bids.isEmpty)
        #expect(
            stopped.problems.map(\.description) == [
                "stopped: instanceTypes[0].launchSpec.CpuOptions: RequestSpotInstances has no such parameter; "
                    + "leave it out, or set requestMode to run-instances"
            ])
        definition.canUseSpot = false
        definition.canUseOndemand = true
        #expect(!decide(definition, mode: .requestSpotInstances).bids.isEmpty, "on demand is RunInstances")
    }

    @Test("A definition that EC2 refuses is stopped until it changes")
    func refusedDefinition() {
        let definition = WorkerTypeDefinition.sample()
        let refused = hold(.workerType("alpha"), definition: definition.fingerprint)
        #expect(decide(definition, holds: [refused]).bids.isEmpty)
        #expect(decide(definition, holds: [refused]).hold?.contains("code") == true)
        #expect(
            decide(definition, holds: [refused], lastModified: .start.plus(minutes: 31)).bids.isEmpty,
            "the same definition")
        #expect(decide(.sample(maxCapacity: 99), holds: [refused]).bids.count == 4)
    }

    @Test("On-demand capacity is bought only if it is allowed and spot capacity is unavailable")
    func onDemand() {
        let dry = hold(.quota(.standard, .spot, region: "us-east-1"))
        #expect(decide(.sample(canUseOndemand: true)).bids.allSatisfy { $0.market == .spot })
        #expect(decide(holds: [dry]).bids.isEmpty)
        let fallback = decide(.sample(canUseOndemand: true), holds: [dry])
        #expect(fallback.bids.count == 4)
        #expect(fallback.bids.allSatisfy { $0.market == .onDemand })
        #expect(
            fallback.problems.map(\.text).first?.hasPrefix("instances on demand instead of spot: ") == true)
        let only = decide(.sample(canUseOndemand: true, canUseSpot: false))
        #expect(only.bids.count == 4 && only.bids.allSatisfy { $0.market == .onDemand })
    }

    @Test("Spot capacity above maxPrice does not fall back to on-demand")
    func aboveMaxPrice() {
        #expect(decide(.sample(maxPrice: 0.01, canUseOndemand: true)).bids.isEmpty)
    }

    @Test("A decision that was stored before strategies existed can be read")
    func older() throws {
        func without(_ keys: Set<String>, _ value: JSONValue) -> JSONValue {
            switch value {
            case .object(let members):
                .object(members.filter { !keys.contains($0.key) }.mapValues { without(keys, $0) })
            case .array(let values): .array(values.map { without(keys, $0) })
            default: value
            }
        }
        let decision = decide()
        let json = try JSONValue(parsing: try JSONEncoder().encode(decision))
        let newer: Set = [
            "terms", "holdings", "risk", "comparedPrice", "held", "limit", "backedOffUntil", "heldBecause",
        ]
        let older = try JSONDecoder().decode(
            WorkerTypeDecision.self, from: try without(newer, json).serialized())
        #expect(older.choice?.parameters == nil && decision.choice?.parameters != nil)
        #expect(older.bids == decision.bids)
        #expect(try JSONDecoder().decode(WorkerTypeDecision.self, from: try json.serialized()) == decision)
        let priced = decide()
        #expect(priced.choice?.parameters?.idlePricing == .exponent(0.2))
        let recorded = try JSONValue(parsing: try JSONEncoder().encode(priced))
        #expect(try JSONDecoder().decode(WorkerTypeDecision.self, from: try recorded.serialized()) == priced)
        let before = try JSONDecoder().decode(
            WorkerTypeDecision.self, from: try without(["idlePricing"], recorded).serialized())
        #expect(before.choice?.parameters != nil && before.choice?.parameters?.idlePricing == nil)
        let earlier = try JSONDecoder().decode(IdlePricing.self, from: Data(#"{"premium": 0.1}"#.utf8))
        #expect(earlier == .premium(0.1) && earlier.factor(capacity: 4) == 1.075)
    }

    @Test("An image that does not boot is launched once, not four times")
    func probe() {
        let launches = (31...36).map { minutes in
            FleetTests.launch(
                "l\(minutes)", instance: "i", created: Date.start.plus(minutes: 60 - Double(minutes)),
                expires: .start.plus(minutes: 59))
        }
        #expect(decide(launches: launches).bids.count == 1)
        let recent = launches.map { launch in
            FleetTests.launch(
                launch.id, instance: "i", created: .start.plus(minutes: 55), expires: .start.plus(minutes: 59)
            )
        }
        #expect(decide(launches: recent).bids.isEmpty)
        #expect(decide(launches: recent).problems.contains { $0.text.contains("never checked in") })
    }
}

@Suite("Times")
struct TimestampTests {
    @Test(
        "are written with the milliseconds that they were read with",
        arguments: Array(stride(from: 0, to: 1000, by: 37)))
    func roundTrip(millisecond: Int) {
        let digits = String(1000 + millisecond).dropFirst()
        for second in ["2024-02-29T23:59:59", "2026-11-24T15:45:00", "1970-01-01T00:00:00"] {
            let text = "\(second).\(digits)Z"
            #expect(Date(timestamp: text)?.timestamp == text)
            #expect(Date(timestamp: text)?.wholeMilliseconds.timestamp == text)
        }
    }
}
