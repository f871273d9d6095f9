package import FoundationEssentials

/// The price of a pool from a time on.
package struct PricePoint: Hashable, Sendable {
    package let at: Date
    package let price: Price

    package init(at: Date, price: Price) {
        self.at = at
        self.price = price
    }
}
