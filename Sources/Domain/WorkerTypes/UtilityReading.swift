/// The utility factors of a definition, compared with the machines that they belong to.
///
/// The documentation of the original service multiplies the price by the factor, its code divided. Definitions for the
/// code give the better machine the higher number.
package struct UtilityReading: Hashable, Sendable {
    /// Two instance types of which the first is the better machine.
    package struct Pair: Hashable, Sendable {
        package let better: InstanceTypeConfiguration
        package let other: InstanceTypeConfiguration

        /// The reading that prefers the better machine.
        package var reading: ProvisioningRules.Utility {
            better.utility > other.utility ? .divide : .multiply
        }
    }

    /// The instance types, by falling number.
    package let types: [InstanceTypeConfiguration]
    /// Pairs with different numbers whose names show the better machine.
    package let pairs: [Pair]

    /// Returns nil when all instance types have the same number.
    package init?(_ definition: WorkerTypeDefinition) {
        guard Set(definition.instanceTypes.map(\.utility)).count > 1 else { return nil }
        types = definition.instanceTypes.sorted {
            ($1.utility, $0.instanceType) < ($0.utility, $1.instanceType)
        }
        let named = definition.instanceTypes.compactMap { type in
            InstanceTypeName(type.instanceType).map { (type: type, name: $0) }
        }
        pairs = named.flatMap { better in
            named.filter { better.type.utility != $0.type.utility && better.name.isBetter(than: $0.name) }
                .map { Pair(better: better.type, other: $0.type) }
        }
    }

    /// The instance types that a reading prefers at equal prices.
    package func preferred(by reading: ProvisioningRules.Utility) -> [InstanceTypeConfiguration] {
        let best = reading == .multiply ? types.last?.utility : types.first?.utility
        return types.filter { $0.utility == best }
    }

    /// The reading that the numbers are written for; nil when the pairs do not agree, or when there are none.
    package var written: ProvisioningRules.Utility? {
        guard let first = pairs.first?.reading else { return nil }
        return pairs.allSatisfy { $0.reading == first } ? first : nil
    }
}
