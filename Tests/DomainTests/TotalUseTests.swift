import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("What counts against the limits over all worker types")
struct TotalUseTests {
    @Test("An instance without a spot price costs the price of its launch")
    func launchPrices() {
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "m4.large")
        let launch = Launch(
            id: "l1", workerType: "removed", definitionModified: .start, iteration: 1, pool: pool,
            capacity: 3,
            market: .spot, mode: .runInstances, spotPrice: Price(usd: 0.25), effectivePrice: .zero,
            bidPrice: .zero, createdAt: FleetTests.now, secretExpires: FleetTests.now.plus(minutes: 40))
        let tally = FleetTally(
            Fleet([], ownership: FleetTests.ownership), launches: ["l1": launch], workerTypes: [], gone: [],
            claimGrace: 120, now: FleetTests.now)
        let use = TotalUse(
            tally, prices: HourlyPrices(spot: [], onDemand: OnDemandPrices(), launches: [launch]))
        #expect(use.usdPerHour == 0.25)
        #expect(use.unpricedInstances == 0)
        #expect(
            TotalUse(tally, prices: HourlyPrices(spot: [], onDemand: OnDemandPrices())).unpricedInstances == 1
        )
    }

    @Test("A cancelled request that EC2 may have fulfilled counts")
    func unsettledRequests() {
        let launch = FleetTests.launch("l1", request: "sir-1")
        let tally = FleetTally(
            Fleet(
                [FleetTests.state([], [FleetTests.request("sir-1", launch: "l1")])],
                ownership: FleetTests.ownership), launches: ["l1": launch],
            workerTypes: [.sample()], gone: ["sir-1"], claimGrace: 120, now: FleetTests.now)
        let use = TotalUse(tally, prices: nil)
        #expect((use.capacity, use.instances) == (1, 1))
    }
}
