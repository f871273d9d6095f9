/// The increase of an instance's compared price by its capacity. An instance that runs several tasks at once is partly
/// idle from the end of its first task to the end of its last one.
///
/// One that runs a single task never idles so; the larger it is, the more of it may: all but one part in its capacity.
package struct IdlePricing: Hashable, Codable, Sendable {
    /// What is added for an instance of unlimited capacity, as a share of its price.
    package let premium: Double

    /// As the rules have it; nil where nothing is added, and for a baseline, which buys as it always did.
    init?(_ strategy: Strategy, rules: ProvisioningRules) {
        guard rules.idlePremium > 0, !strategy.isBaseline else { return nil }
        premium = rules.idlePremium
    }

    /// What the effective price of an instance is multiplied by.
    package func factor(capacity: Int) -> Double { 1 + premium * (1 - 1 / Double(max(1, capacity))) }
}
