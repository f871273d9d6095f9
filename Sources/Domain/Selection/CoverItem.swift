/// One thing that may be bought several times to cover a demand: a pool, seen only by its numbers.
public struct CoverItem: Hashable, Sendable {
    /// What one piece covers; at least 1.
    public let capacity: Int
    /// What one piece costs.
    public let price: Price
    /// The most pieces that may be bought.
    public let limit: Int

    public init(capacity: Int, price: Price, limit: Int) {
        self.capacity = capacity
        self.price = price
        self.limit = limit
    }
}
