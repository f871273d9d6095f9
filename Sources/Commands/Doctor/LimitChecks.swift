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
        guard limits.limitsSpend,
            let prices = try? database.costs.onDemandPrices(of: types.flatMap(\.definition.onDemandPrices))
        else { return nil }
        for type in types {
            let keys = type.definition.onDemandPrices
            let priced = Set(keys.filter { prices[$0] != nil }.map { [$0.region, $0.instanceType] })
            guard let missing = keys.first(where: { !priced.contains([$0.region, $0.instanceType]) }) else {
                continue
            }
            return .note(
                Self.subject,
                "\(type.name) may use \(missing.instanceType) in \(missing.region) on demand, whose price is unknown: "
                    + "store it with `aws-provisioner on-demand-prices import`, or it is not launched")
        }
        return nil
    }
}
