import Domain
import Storage

/// Checks whether the stored worker types fit the limits over all worker types.
struct LimitChecks {
    let limits: TotalLimits
    let database: ProvisionerDatabase

    private static let subject = "limits"

    /// Empty without limits.
    func findings() -> [Finding] {
        guard !limits.isEmpty, let stored = try? database.workerTypes.withoutSecrets() else { return [] }
        let types = stored.types.map(\.type)
        let findings = [excessiveMinimum(types), missingPrice(types)].compactMap(\.self)
        return findings.isEmpty
            ? [
                .ok(
                    Self.subject,
                    limits.all.map { "\($0.kind.setting) \($0.kind.number($0.value))" }.joined(
                        separator: ", "))
            ]
            : findings
    }

    private func excessiveMinimum(_ types: [WorkerType]) -> Finding? {
        let minimum = types.reduce(0) { $0 + min($1.definition.minCapacity, $1.definition.maxCapacity) }
        guard let limit = limits[.capacity], Double(minimum) > limit else { return nil }
        return .note(
            Self.subject,
            "the minCapacity of all worker types is \(minimum): raise \(TotalLimits.Kind.capacity.setting), "
                + "or reduce minCapacity")
    }

    private func missingPrice(_ types: [WorkerType]) -> Finding? {
        guard limits.limitsSpend, let prices = try? database.costs.onDemandPrices() else { return nil }
        for type in types where type.definition.canUseOndemand {
            for region in type.definition.regions {
                for instanceType in type.definition.instanceTypes.map(\.instanceType)
                where !prices.all.keys.contains(where: {
                    $0.region == region.region && $0.instanceType == instanceType
                }) {
                    return .note(
                        Self.subject,
                        "\(type.name) may use \(instanceType) in \(region.region) on demand, whose price is unknown: "
                            + "store it with `aws-provisioner on-demand-prices import`, or it is not launched"
                    )
                }
            }
        }
        return nil
    }
}
