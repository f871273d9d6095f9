/// The capacity, price and limit of a pool, as an item of a covering problem.
package struct CoverItem: Hashable, Sendable {
    /// The capacity of one instance; at least 1.
    package let capacity: Int
    /// The price of one instance.
    package let price: Price
    /// The maximum number of instances.
    package let limit: Int

    package init(capacity: Int, price: Price, limit: Int) {
        self.capacity = capacity
        self.price = price
        self.limit = limit
    }
}
