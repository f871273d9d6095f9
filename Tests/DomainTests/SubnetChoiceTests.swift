import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The subnets of the setting")
struct SubnetChoiceTests {
    @Test(
        "are selected by ids and tags",
        arguments: [
            ("subnet-1", true), ("subnet-2", false), ("subnet-2+subnet-1", true), ("tag:Role=worker", true),
            ("tag:Role=other", false), ("tag:Role=worker+tag:Tier=a=b", true),
            ("tag:Role=worker+tag:Tier=c", false), ("subnet-1+tag:Role=other", false),
        ])
    func selection(text: String, isSelected: Bool) throws {
        let subnet = Subnet(
            id: "subnet-1", availabilityZone: "us-east-1a", freeAddresses: 1,
            tags: ["Role": "worker", "Tier": "a=b"])
        #expect(try #require(SubnetSelection(text)).contains(subnet) == isSelected)
    }

    @Test(
        "are refused in another form",
        arguments: [
            "", "vpc-1", "subnet-", "subnet-1+", "tag:Role", "tag:=x", "tag:Role=a+tag:Role=b", "Role=x",
        ])
    func refused(text: String) {
        #expect(SubnetSelection(text) == nil)
    }

    private static func state(_ subnets: [(id: String, zone: String, free: Int)]) -> RegionState {
        var state = RegionState(
            region: "us-east-1", instances: [], spotRequests: [],
            availabilityZones: ["us-east-1a", "us-east-1b"], fetchedAt: .start)
        state.subnets = subnets.map {
            Subnet(
                id: $0.id, availabilityZone: $0.zone, freeAddresses: $0.free,
                tags: $0.id.hasPrefix("subnet-9") ? [:] : ["Role": "worker"])
        }
        return state
    }

    private static func hold(_ subnet: String) -> Hold {
        Hold(
            subject: HoldSubject(region: "us-east-1", subnet: subnet), until: .start.plus(minutes: 15),
            failures: 1, code: "InsufficientFreeAddressesInSubnet", message: "", since: .start)
    }

    private static var rules: ProvisioningRules {
        var rules = ProvisioningRules()
        rules.subnets = SubnetSelection("tag:Role=worker").map { ["alpha": $0] } ?? [:]
        return rules
    }

    private func choice(
        _ subnets: [(id: String, zone: String, free: Int)], holds: [Hold] = []
    ) throws -> SubnetChoice {
        SubnetChoice(
            try #require(SubnetSelection("tag:Role=worker")), in: [Self.state(subnets)],
            holds: Holds(holds, now: .start))
    }

    @Test("are those with the most free addresses of each zone, without held and full ones")
    func most() throws {
        let subnets = [
            (id: "subnet-1", zone: "us-east-1a", free: 5), (id: "subnet-2", zone: "us-east-1a", free: 9),
            (id: "subnet-90", zone: "us-east-1a", free: 100), (id: "subnet-4", zone: "us-east-1b", free: 0),
            (id: "subnet-31", zone: "us-east-1c", free: 3), (id: "subnet-30", zone: "us-east-1c", free: 3),
        ]
        let all = try choice(subnets)
        #expect(all["us-east-1a"] == "subnet-2")
        #expect(all["us-east-1b"] == nil, "no address is free")
        #expect(all["us-east-1c"] == "subnet-30", "the id decides between equal ones")
        #expect(try choice(subnets, holds: [Self.hold("subnet-2")])["us-east-1a"] == "subnet-1")
        #expect(
            try choice(subnets, holds: [Self.hold("subnet-1"), Self.hold("subnet-2")])["us-east-1a"] == nil)
    }

    private func decision(
        _ definition: WorkerTypeDefinition, _ subnets: [(id: String, zone: String, free: Int)],
        named name: String = "alpha"
    ) -> (decision: WorkerTypeDecision, type: WorkerType) {
        let holds = Holds([], now: .start)
        let zones = ["us-east-1": ["us-east-1a", "us-east-1b"]]
        let prices = ["us-east-1a", "us-east-1b"].map { zone in
            SpotPrice(
                pool: Pool(region: "us-east-1", availabilityZone: zone, instanceType: "c5.xlarge"),
                price: Price(usd: zone == "us-east-1a" ? 0.1 : 0.2), timestamp: .start)
        }
        let type = WorkerType.sample(name, definition).choosingSubnets(
            in: [Self.state(subnets)], holds: holds, rules: Self.rules)
        let decision = WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: 1, tally: CapacityTally(), launches: []),
            market: WorkerTypeDecision.MarketView(
                book: PriceBook(prices, zones: zones, holds: holds), holds: holds, zones: zones),
            rules: Self.rules, now: .start)
        return (decision, type)
    }

    private var byGroupIds: WorkerTypeDefinition {
        var definition = WorkerTypeDefinition.sample()
        definition.launchSpec = ["SecurityGroupIds": ["sg-1"]]
        return definition
    }

    @Test("are part of launches in their zone, and other zones are not used")
    func launch() throws {
        let (decision, type) = decision(byGroupIds, [(id: "subnet-1", zone: "us-east-1b", free: 5)])
        let pool = try #require(decision.bids.first?.pool)
        #expect(pool.availabilityZone == "us-east-1b", "the cheaper zone has no subnet")
        #expect(decision.problems.isEmpty)
        #expect(
            LaunchSpecification(type.definition, pool: pool, keyName: nil).specification["SubnetId"]
                == "subnet-1")
        #expect(type.definition.fingerprint == byGroupIds.fingerprint)
        #expect(type.definition.json == byGroupIds.json)
    }

    @Test("that are missing in a region are a problem")
    func missing() {
        let (decision, _) = decision(byGroupIds, [(id: "subnet-90", zone: "us-east-1a", free: 5)])
        #expect(decision.bids.isEmpty)
        #expect(
            decision.problems.first?.text
                == "us-east-1 has no subnet of the setting subnets (tag:Role=worker) that is available, has free addresses "
                + "and is not held")
    }

    @Test("are refused beside names of security groups")
    func groupNames() {
        let (decision, _) = decision(.sample(), [(id: "subnet-1", zone: "us-east-1a", free: 5)])
        #expect(decision.bids.isEmpty)
        #expect(decision.problems.map(\.kind) == [.stopped])
        #expect(decision.hold?.contains("SecurityGroupIds") == true)
    }

    @Test(
        "have no effect on a definition that names its subnets, and on other worker types",
        arguments: [
            ("alpha", ["SubnetId": "subnet-5"]), ("alpha", ["NetworkInterfaces": [["SubnetId": "subnet-5"]]]),
            ("beta", [:]),
        ] as [(String, JSONObject)])
    func noEffect(name: String, specification: JSONObject) {
        var definition = WorkerTypeDefinition.sample()
        definition.launchSpec = specification
        let (decision, type) = decision(
            definition, [(id: "subnet-1", zone: "us-east-1b", free: 5)], named: name)
        #expect(type.definition == definition)
        #expect(decision.bids.first?.pool.availabilityZone == "us-east-1a")
    }

    @Test("of one zone share the launches of an iteration by their free addresses")
    func addresses() throws {
        var type = WorkerType.sample("alpha", byGroupIds)
        type.definition.subnetChoice = try choice([
            (id: "subnet-1", zone: "us-east-1a", free: 1), (id: "subnet-2", zone: "us-east-1a", free: 2),
        ])
        let bid = try #require(
            decision(byGroupIds, [(id: "subnet-1", zone: "us-east-1a", free: 5)]).decision.bids.first)
        #expect(bid.subnet == nil)
        var addresses = SubnetAddresses()
        let bids = (0..<4).map { _ in addresses.take(for: bid, of: type) }
        #expect(bids.map(\.subnet) == ["subnet-2", "subnet-2", "subnet-1", "subnet-2"])
        #expect(
            LaunchSpecification(type.definition, pool: bid.pool, subnet: bids[2].subnet, keyName: nil)
                .specification["SubnetId"] == "subnet-1")
        #expect(LaunchTarget(bids[2], definition: type.definition).subnet == "subnet-1")

        let refused = ServiceFailure(kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "")
        addresses.add(bids[..<3].map { BidResult($0, .failed, failure: refused) })
        #expect(addresses.take(for: bid, of: type).subnet == "subnet-2", "the addresses are free again")
        let full = ServiceFailure(
            kind: .subnetFull, code: "InsufficientFreeAddressesInSubnet", message: "")
        addresses.add([BidResult(bids[3], .failed, failure: full)])
        #expect(addresses.take(for: bid, of: type).subnet == "subnet-1")
        #expect(addresses.take(for: bid, of: .sample("beta", byGroupIds)) == bid, "without the setting")
    }
}
