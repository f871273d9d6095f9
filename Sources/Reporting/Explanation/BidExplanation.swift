import Domain
import Formats

/// The bids of a decision, and their calculation from the spot price.
struct BidExplanation {
    let bids: [Bid]
    let choice: PoolChoice?

    /// The distinct bids with their counts, by pool.
    var groups: [(bid: Bid, count: Int)] {
        Dictionary(grouping: bids, by: { $0 }).map { ($0.key, $0.value.count) }.sorted {
            $0.bid.pool < $1.bid.pool
        }
    }

    var lines: [String] {
        if bids.isEmpty { return [] }
        guard let terms = choice?.parameters, bids.contains(where: { $0.market == .spot }) else {
            var table = TextTable("bid", "market", "most to pay", "count")
            for (bid, count) in groups {
                table.add("\(bid.pool)", bid.market.rawValue, "\(bid.bidPrice)", "\(count)")
            }
            return table.lines
        }
        let utilities = Dictionary(
            choice?.candidates.map { ($0.pool, $0.utility) } ?? [], uniquingKeysWith: { first, _ in first })
        let sign = terms.utility == .multiply ? "/" : "x"
        var table = TextTable(
            "bid", "market", "2 x spot price", "at least", "at most", "most to pay", "count")
        for (bid, count) in groups {
            let utility = utilities[bid.pool] ?? 1
            let factor = terms.utility == .multiply ? utility : 1 / utility
            table.add(
                "\(bid.pool)", bid.market.rawValue, "\(Price.zero.adding(bid.spotPrice, times: 2))",
                bid.effectivePrice.usd < terms.minPrice ? "\(Price(usd: terms.minPrice / factor))" : "-",
                "\(Price(usd: terms.maxPrice / factor))", "\(bid.bidPrice)", "\(count)")
        }
        return [
            "bid = 2 x spot price; at least minPrice \(terms.minPrice.decimalText) \(sign) utility where effective is below "
                + "minPrice;",
            "at most maxPrice \(terms.maxPrice.decimalText) \(sign) utility; rounded up to a millionth unless that "
                + "exceeds a bound;",
            "never below \(Price.smallestBid), the smallest maximum price that EC2 accepts", "",
        ] + table.lines
    }
}
