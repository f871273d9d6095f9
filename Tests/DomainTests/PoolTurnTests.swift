import Domain
import TestSupport
import Testing

@Suite("Pools that take turns in submissions")
struct PoolTurnTests {
    private func bids(_ workerType: String, _ counts: [(zone: String, count: Int)]) -> [Bid] {
        counts.flatMap { zone, count in
            Array(
                repeating: Bid(
                    workerType: workerType,
                    pool: Pool(region: "us-east-1", availabilityZone: zone, instanceType: "c5.xlarge"),
                    capacity: 1, market: .spot, spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1),
                    bidPrice: Price(usd: 0.2)), count: count)
        }
    }

    private func zones(_ bids: [Bid]) -> [String: Int] {
        bids.reduce(into: [:]) { $0[$1.pool.availabilityZone, default: 0] += 1 }
    }

    @Test(
        "The pools of a worker type have their share of the submitted bids, also below the limit of the region"
    )
    func pools() {
        let all = bids("alpha", [("a", 500), ("b", 500)])
        var order = SubmissionOrder(perRegion: 200)
        let (regions, excess) = order.take(all)
        #expect(regions.map { zones($0.bids) } == [["a": 100, "b": 100]])
        #expect(zones(excess) == ["a": 400, "b": 400])
        var uneven = SubmissionOrder(perRegion: 40)
        let taken = uneven.take(bids("alpha", [("a", 60), ("b", 20)])).regions
        #expect(taken.map { zones($0.bids) } == [["a": 30, "b": 10]])
    }

    @Test("Worker types take turns, and each of them alternates between its pools")
    func workerTypes() {
        var order = SubmissionOrder(perRegion: 4)
        let (regions, _) = order.take(
            bids("beta", [("a", 2), ("b", 2)]) + bids("alpha", [("a", 2), ("b", 2)]))
        let taken = regions.flatMap(\.bids).map { "\($0.workerType) \($0.pool.availabilityZone)" }
        #expect(taken == ["alpha a", "beta a", "alpha b", "beta b"])
    }
}
