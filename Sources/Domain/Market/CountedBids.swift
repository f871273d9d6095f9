/// Bids that are stored with equal neighbours written once, and their number.
///
/// A decision makes many equal bids. Stored one by one, the bids of a large backlog would fill the disk.
@propertyWrapper package struct CountedBids: Hashable, Sendable {
    package var wrappedValue: [Bid]

    package init(wrappedValue: [Bid]) { self.wrappedValue = wrappedValue }
}

extension CountedBids: Codable {
    private enum CodingKeys: CodingKey { case count }

    /// The maximum number of bids that a stored decision may contain.
    private static let limit = 1_000_000

    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        wrappedValue = []
        while !container.isAtEnd {
            let item = try container.decode(Item.self)
            guard item.count > 0, item.count <= Self.limit - wrappedValue.count else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "the number of bids is out of bounds")
            }
            wrappedValue += repeatElement(item.bid, count: item.count)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        var rest = wrappedValue[...]
        while let bid = rest.first {
            let others = rest.drop { $0 == bid }
            try container.encode(Item(bid: bid, count: rest.count - others.count))
            rest = others
        }
    }

    /// A bid with the number of equal bids as one more member. An item without the number is one bid.
    private struct Item: Codable {
        let bid: Bid
        let count: Int

        init(bid: Bid, count: Int) {
            self.bid = bid
            self.count = count
        }

        init(from decoder: any Decoder) throws {
            bid = try Bid(from: decoder)
            count =
                try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Int.self, forKey: .count) ?? 1
        }

        func encode(to encoder: any Encoder) throws {
            try bid.encode(to: encoder)
            guard count > 1 else { return }
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(count, forKey: .count)
        }
    }
}
