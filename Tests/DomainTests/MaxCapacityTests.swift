import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("maxCapacity, while the smallest instance type cannot be used")
struct MaxCapacityTests {
    private static let oneAndEight = WorkerTypeDefinition.sample(
        types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 8, 1)])
    private static let eight = WorkerTypeDefinition.sample(types: [("c5.4xlarge", 8, 1)])
    private static let smallest = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
    private static let prices = [("us-east-1a", "c5.xlarge", 0.10), ("us-east-1a", "c5.4xlarge", 0.11)]

    private static func hold(_ market: Market) -> Hold {
        Hold(
            subject: .pool(smallest, market), until: .start.plus(minutes: 9), failures: 1, code: "code",
            message: "message", since: .start)
    }

    /// The choice for a change that maxCapacity allows exactly.
    private func choose(_ definition: WorkerTypeDefinition, _ change: Int) -> PoolChoice {
        PoolChoice(
            for: .sample("alpha", definition),
            from: PoolChoice.Input(
                change: change, headroom: change,
                book: PoolChoiceTests.book(Self.prices, holds: [Self.hold(.spot)])),
            rules: ProvisioningRules())
    }

    @Test("Larger instances are bought up to maxCapacity, the rest waits, and the choice reports it")
    func rest() {
        let choice = choose(Self.oneAndEight, 9)
        #expect(choice.bids.map(\.capacity) == [8])
        #expect(choice.parameters?.amount == 8)
        #expect(choice.problem?.text.hasPrefix("capacity 1 waits: maxCapacity leaves 9") == true)
        let later = choose(Self.oneAndEight, 1)
        #expect(later.bids.isEmpty)
        #expect(later.problem?.text.hasPrefix("capacity 1 waits: maxCapacity leaves 1") == true)
    }

    @Test("maxCapacity is exceeded by less than the smallest listed instance, where that does not fit")
    func doesNotFit() {
        let choice = choose(Self.eight, 9)
        #expect(choice.bids.map(\.capacity) == [8, 8])
        #expect(choice.problem == nil)
    }

    @Test("On-demand instances observe the same bound")
    func onDemand() {
        func capacities(_ definition: WorkerTypeDefinition, _ change: Int) -> [Int] {
            let type = WorkerType.sample("alpha", definition)
            return OnDemandChoice.bids(
                for: type, change: change, headroom: change, zones: ["us-east-1": ["us-east-1a"]],
                book: PoolChoiceTests.book([]),
                holds: Holds([Self.hold(.onDemand)], now: .start).view(of: type), rules: ProvisioningRules()
            ).map(\.capacity)
        }
        #expect(capacities(Self.oneAndEight, 9) == [8])
        #expect(capacities(Self.oneAndEight, 1) == [])
        #expect(capacities(Self.eight, 9) == [8, 8])
    }
}
