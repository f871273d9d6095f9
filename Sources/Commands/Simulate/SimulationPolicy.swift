import Configuration
import Domain
import Platform

/// A policy of the command line: a strategy with an optional pool share and idle exponent, for example `cheapest-pool:1`,
/// `least-cost+idle=0` or `diversified:0.25+idle=0.2`.
struct SimulationPolicy {
    /// The text of the option.
    let name: String
    let rules: ProvisioningRules

    static let names = Strategy.allCases.map(\.rawValue).joined(separator: ", ")
    private static let idle = "+idle="

    /// - Parameter standard: the default rules.
    init(_ text: String, _ standard: ProvisioningRules) throws {
        name = text
        let parts = text.split(separator: Self.idle, maxSplits: 1, omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: ":", maxSplits: 1)
        guard let strategy = head.first.flatMap({ Strategy(rawValue: String($0)) }) else {
            throw CommandFailure(.usage, "--policy must be one of \(Self.names), not \(text)")
        }
        let share = head.count > 1 ? Double(head[1]) : standard.maxPoolShare
        guard let share, share > 0, share <= 1 else {
            throw CommandFailure(.usage, "a pool share must be above 0 and at most 1: \(text)")
        }
        let exponent = parts.count > 1 ? Double(parts[1]) : standard.idleExponent
        guard let exponent, (0...1).contains(exponent) else {
            throw CommandFailure(.usage, "an idle exponent must be from 0 to 1: \(text)")
        }
        if parts.count > 1, strategy.isBaseline {
            throw CommandFailure(
                .usage, "\(strategy.rawValue) is a baseline and has no idle exponent: \(text)")
        }
        var rules = standard
        rules.strategy = strategy
        rules.maxPoolShare = share
        rules.idleExponent = exponent
        self.rules = rules
    }

    /// All strategies.
    static func all(_ standard: ProvisioningRules) throws -> [SimulationPolicy] {
        try Strategy.allCases.map { try SimulationPolicy($0.rawValue, standard) }
    }
}
