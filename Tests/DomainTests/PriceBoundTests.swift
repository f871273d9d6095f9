import Domain
import TestSupport
import Testing

@Suite("The bounds of a price")
struct PriceBoundTests {
    /// A decision for 4 tasks, with one zone whose spot price is 0.1, and another zone without a spot price.
    private func decide(_ definition: WorkerTypeDefinition) -> WorkerTypeDecision {
        let zones = ["us-east-1": ["us-east-1a", "us-east-1b"]]
        let price = SpotPrice(
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
            price: Price(usd: 0.1), timestamp: .start)
        let holds = Holds([], now: .start)
        return WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: .sample("alpha", definition), pendingTasks: 4, tally: CapacityTally(),
                launches: []),
            market: WorkerTypeDecision.MarketView(
                book: PriceBook([price], zones: zones, holds: holds), holds: holds, zones: zones),
            rules: ProvisioningRules(), now: .start)
    }

    @Test("A spot price of exactly maxPrice is accepted, and one above it is not")
    func maxPrice() {
        #expect(decide(.sample(maxPrice: 0.1)).bids.count == 4)
        #expect(decide(.sample(maxPrice: 0.099)).bids.isEmpty)
    }

    @Test("Spot capacity that is merely too expensive does not fall back to on-demand, in any zone")
    func noFallback() {
        let decision = decide(.sample(maxPrice: 0.01, canUseOndemand: true))
        #expect(decision.choice?.refused[.aboveMaxPrice] == 1)
        #expect(decision.bids.isEmpty)
        #expect(decide(.sample(maxPrice: 0.01, canUseOndemand: true, canUseSpot: false)).bids.count == 4)
    }
}
