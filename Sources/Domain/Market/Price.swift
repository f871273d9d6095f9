import Formats

/// US dollars an hour, counted in whole billionths, so that sums are exact and equal prices are equal.
///
/// EC2 quotes spot prices to a millionth of a dollar; a utility factor may take an effective price below that.
package struct Price: Hashable, Sendable {
    /// Billionths of a US dollar an hour; never negative.
    package let nanodollars: Int64

    package static let zero = Price(nanodollars: 0)

    /// The smallest maximum price that EC2 accepts for a spot instance.
    package static let smallestBid = Price(nanodollars: 1_001_000)

    /// The maximum price. Larger amounts are clamped to it, so that sums cannot overflow.
    package static let ceiling = Price(nanodollars: 1_000_000_000_000_000)

    package init(nanodollars: Int64) {
        self.nanodollars = max(0, min(nanodollars, 1_000_000_000_000_000))
    }

    /// US dollars an hour, rounded to the nearest billionth and clamped to zero and `ceiling`. NaN is zero.
    package init(usd: Double) {
        let scaled = (usd * 1e9).rounded()
        self.init(nanodollars: scaled.isNaN || scaled <= 0 ? 0 : Int64(min(scaled, 1e15)))
    }

    /// Reads a decimal number of dollars as EC2 writes it, `0.012300`. Nil for other text and for negative numbers.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 == 0x2e || (0x30...0x39).contains($0) }), let value = Double(text),
            value.isFinite
        else { return nil }
        self.init(usd: value)
    }

    /// US dollars an hour.
    package var usd: Double { Double(nanodollars) / 1e9 }

    /// This price times a factor, rounded to the nearest billionth.
    package func multiplied(by factor: Double) -> Price { Price(usd: usd * factor) }

    /// This price plus a multiple of another price, clamped to `ceiling`.
    package func adding(_ other: Price, times count: Int) -> Price {
        let (product, overflow) = other.nanodollars.multipliedReportingOverflow(by: Int64(count))
        return overflow ? .ceiling : Price(nanodollars: nanodollars + Price(nanodollars: product).nanodollars)
    }

    /// Rounded up to a millionth of a dollar, the precision of EC2's bids.
    package var roundedUpToMicrodollar: Price {
        Price(nanodollars: (nanodollars + 999) / 1000 * 1000)
    }
}

extension Price: Comparable {
    package static func < (left: Price, right: Price) -> Bool { left.nanodollars < right.nanodollars }
}

extension Price: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(usd: try decoder.singleValueContainer().decode(Double.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(usd)
    }
}

extension Price: CustomStringConvertible {
    /// The amount in dollars with at least four and at most nine decimals, `0.0123`, as EC2 reads a bid.
    package var description: String {
        let whole = nanodollars / 1_000_000_000
        var digits = String(nanodollars % 1_000_000_000)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.count > 4, digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
