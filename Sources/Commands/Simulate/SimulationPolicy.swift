import Configuration
import Domain
import Platform

/// A policy of the command line: a strategy with an optional pool share and parameters, for example `cheapest-pool:1`,
/// `least-cost+idle=0` or `diversified:0.25+idle=0.2+anticipation=18`.
struct SimulationPolicy {
    /// The text of the option.
    let name: String
    let rules: ProvisioningRules

    static let names = Strategy.allCases.map(\.rawValue).joined(separator: ", ")

    /// - Parameter standard: the default rules.
    init(_ text: String, _ standard: ProvisioningRules) throws {
        name = text
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: ":", maxSplits: 1)
        guard let strategy = head.first.flatMap({ Strategy(rawValue: String($0)) }) else {
            throw CommandFailure(.usage, "--policy must be one of \(Self.names), not \(text)")
        }
        let share = head.count > 1 ? Double(head[1]) : standard.maxPoolShare
        guard let share, share > 0, share <= 1 else {
            throw CommandFailure(.usage, "a pool share must be above 0 and at most 1: \(text)")
        }
        var rules = standard
        rules.strategy = strategy
        rules.maxPoolShare = share
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let parameter = Parameter(rawValue: String(sides[0])) else {
                throw CommandFailure(
                    .usage,
                    "the parameters of a policy are \(Parameter.names), not \(sides[0]): \(text)")
            }
            try rules.set(parameter, to: sides.dropFirst().first ?? "", in: text)
        }
        self.rules = rules
    }

    /// All strategies.
    static func all(_ standard: ProvisioningRules) throws -> [SimulationPolicy] {
        try Strategy.allCases.map { try SimulationPolicy($0.rawValue, standard) }
    }

    /// A parameter of a policy, with its name in the text.
    enum Parameter: String, CaseIterable {
        case idle, anticipation, headroom

        static let names = allCases.map(\.rawValue).joined(separator: ", ")
    }
}

extension ProvisioningRules {
    /// The maximum of `anticipation`.
    private static let mostIntervals = 1000.0

    /// Sets a parameter of a policy for all worker types.
    ///
    /// - Parameter source: the policy or option, for the error.
    mutating func set(
        _ parameter: SimulationPolicy.Parameter, to text: some StringProtocol, in source: String
    ) throws {
        switch parameter {
        case .idle:
            guard !strategy.isBaseline else {
                throw CommandFailure(
                    .usage, "\(strategy.rawValue) is a baseline and has no idle exponent: \(source)")
            }
            guard let exponent = Double(text), (0...1).contains(exponent) else {
                throw CommandFailure(.usage, "an idle exponent must be from 0 to 1: \(source)")
            }
            idleExponent = exponent
        case .anticipation:
            guard let intervals = Double(text), (0...Self.mostIntervals).contains(intervals) else {
                throw CommandFailure(.usage, "an anticipation must be from 0 to 1000: \(source)")
            }
            anticipations = ["*": intervals]
        case .headroom:
            guard let headroom = Headroom(text) else {
                throw CommandFailure(.usage, "a headroom must be \(Headroom.form): \(source)")
            }
            headrooms = ["*": headroom]
        }
    }
}
