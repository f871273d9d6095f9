import Domain
import Foundation
import TestSupport
import Testing

@Suite("Stored bids")
struct CountedBidsTests {
    private func bid(_ zone: String) -> Bid {
        Bid(
            workerType: "alpha",
            pool: Pool(region: "us-east-1", availabilityZone: zone, instanceType: "c5.xlarge"), capacity: 1,
            market: .spot, spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1),
            bidPrice: Price(usd: 0.2))
    }

    @Test("contain equal neighbours once, and are read in the same order")
    func roundTrip() throws {
        let bids =
            Array(repeating: bid("us-east-1a"), count: 100) + [bid("us-east-1b")]
            + Array(repeating: bid("us-east-1a"), count: 2)
        let data = try JSONEncoder().encode(CountedBids(wrappedValue: bids))
        let single = try JSONEncoder().encode([bid("us-east-1a")])
        #expect(data.count < 4 * single.count)
        #expect(try JSONDecoder().decode(CountedBids.self, from: data).wrappedValue == bids)
    }

    @Test("of an earlier version are read")
    func earlierVersion() throws {
        let bids = [bid("us-east-1a"), bid("us-east-1a"), bid("us-east-1b")]
        let data = try JSONEncoder().encode(bids)
        #expect(try JSONDecoder().decode(CountedBids.self, from: data).wrappedValue == bids)
    }

    @Test("are refused when their number is out of bounds", arguments: [0, -1, 2_000_000_000])
    func count(count: Int) throws {
        let one = String(decoding: try JSONEncoder().encode(bid("us-east-1a")), as: UTF8.self)
        let text = "[\(one.dropLast()),\"count\":\(count)}]"
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(CountedBids.self, from: Data(text.utf8))
        }
    }

    @Test(
        "A problem repeats an earlier one if it differs in times, prices and counts alone",
        arguments: [
            ("tried at 10:30, 3 in a row", "tried at 11:00, 14 in a row", true),
            ("the Queue did not respond", "no pool has a price", false),
        ])
    func repetition(first: String, second: String, isRepetition: Bool) {
        let earlier = Problem(.warning, first)
        #expect(Problem(.warning, second).isRepetition(of: earlier) == isRepetition)
        #expect(!Problem(.stopped, second).isRepetition(of: earlier))
    }
}
