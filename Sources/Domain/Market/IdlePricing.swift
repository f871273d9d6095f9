/// The premium for idle slots: an instance that runs several tasks at once is partly idle between the end of the first
/// and the end of the last task.
///
/// An instance of capacity 1 has no premium. At most all slots but one are idle.
package struct IdlePricing: Hashable, Codable, Sendable {
    /// The premium of an instance of unlimited capacity, as a share of its price.
    package let premium: Double

    /// Creates the premium of the rules; nil where it is zero, and for baselines.
    init?(_ strategy: Strategy, rules: ProvisioningRules) {
        guard rules.idlePremium > 0, !strategy.isBaseline else { return nil }
        premium = rules.idlePremium
    }

    /// The factor of the effective price of an instance.
    package func factor(capacity: Int) -> Double { 1 + premium * (1 - 1 / Double(max(1, capacity))) }
}
