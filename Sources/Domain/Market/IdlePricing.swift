import Glibc

/// The price of idle slots: an instance that runs several tasks at once is partly idle between the end of the first and
/// the end of the last task.
///
/// An instance of capacity 1 has the factor 1.
package enum IdlePricing: Hashable, Sendable {
    /// capacity ^ exponent. Source: replays of recorded and generated loads, in which the cost of a task-hour grows like
    /// capacity ^ e, with e from 0.12 to 0.32.
    case exponent(Double)
    /// 1 + premium x (1 - 1 / capacity), in decisions that earlier versions recorded.
    case premium(Double)

    /// Creates the price of the rules; nil where the exponent is zero, and for baselines.
    init?(_ strategy: Strategy, rules: ProvisioningRules) {
        guard rules.idleExponent > 0, !strategy.isBaseline else { return nil }
        self = .exponent(rules.idleExponent)
    }

    /// The factor of the effective price of an instance.
    package func factor(capacity: Int) -> Double {
        let capacity = Double(max(1, capacity))
        return switch self {
        case .exponent(let exponent): pow(capacity, exponent)
        case .premium(let premium): 1 + premium * (1 - 1 / capacity)
        }
    }
}

extension IdlePricing: Codable {
    private enum CodingKeys: CodingKey { case exponent, premium }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let exponent = try container.decodeIfPresent(Double.self, forKey: .exponent) {
            self = .exponent(exponent)
        } else {
            self = .premium(try container.decode(Double.self, forKey: .premium))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .exponent(let exponent): try container.encode(exponent, forKey: .exponent)
        case .premium(let premium): try container.encode(premium, forKey: .premium)
        }
    }
}
