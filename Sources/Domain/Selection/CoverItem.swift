/// One thing that may be bought several times to cover a demand: a pool, seen only by its numbers.
package struct CoverItem: Hashable, Sendable {
    /// What one piece covers; at least 1.
    package let capacity: Int
    /// What one piece costs.
    package let price: Price
    /// The most pieces that may be bought.
    package let limit: Int

    package init(capacity: Int, price: Price, limit: Int) {
        self.capacity = capacity
        self.price = price
        self.limit = limit
    }
}
