import Formats
import Glibc

/// The utility factors that follow from a score of each instance type: the amount of work that a unit of its capacity does
/// in a paid hour.
///
/// The factor of the reference is 1. A type with half its score does half the work for the same price, and has the factor 2.
/// A type without a score keeps its number.
package struct UtilitySuggestion: Hashable, Sendable {
    /// The result for one instance type.
    package struct Line: Hashable, Sendable {
        package let instanceType: String
        package let score: Double?
        /// The number in the definition.
        package let current: Double
        /// The number that follows from the score; nil without a score or a reference.
        package let suggested: Double?
    }

    /// In the order of the definition.
    package let lines: [Line]
    /// The instance type with the factor 1; nil where less than two types have a score.
    package let reference: String?

    /// - Parameters:
    ///   - scores: above 0, by instance type.
    ///   - reference: an instance type with a score; nil selects the type with the median score.
    ///   - reading: how the number in the definition changes a price.
    package init(
        for definition: WorkerTypeDefinition, scores: [String: Double], reference: String? = nil,
        reading: ProvisioningRules.Utility
    ) {
        let types = definition.instanceTypes
        let scored = types.compactMap { type in scores[type.instanceType].map { (type.instanceType, $0) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        let chosen =
            scored.count < 2
            ? nil : scored.first { $0.0 == reference } ?? scored[(scored.count - 1) / 2]
        self.reference = chosen?.0
        lines = types.map { type in
            let score = scores[type.instanceType]
            let suggested = score.flatMap { score in
                chosen.map { Self.rounded(reading == .multiply ? $0.1 / score : score / $0.1) }
            }
            return Line(
                instanceType: type.instanceType, score: score, current: type.utility, suggested: suggested)
        }
    }

    /// The definition with the suggested numbers.
    package func applied(to definition: WorkerTypeDefinition) -> WorkerTypeDefinition {
        var definition = definition
        for (index, line) in zip(definition.instanceTypes.indices, lines) {
            definition.instanceTypes[index].utility = line.suggested ?? line.current
        }
        return definition
    }

    /// The number with three significant digits.
    private static func rounded(_ value: Double) -> Double {
        let decimals = min(12, max(0, 2 - Int(log10(value).rounded(.down))))
        return Double(value.formatted(decimals: decimals)) ?? value
    }
}
