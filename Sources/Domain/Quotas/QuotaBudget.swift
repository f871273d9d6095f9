import Formats
package import FoundationEssentials

/// What the quotas of the account leave for the launches of one iteration.
///
/// Only instances of this deployment count. EC2 refuses launches that do not fit beside other instances of the account.
package struct QuotaBudget: Sendable {
    private let quotas: AccountQuotas
    /// vCPUs of running, booting and requested instances, with the bids that were taken.
    private var used: [VCPUQuota.Subject: Int] = [:]

    /// - Parameter instances: the instances that run, boot or are requested.
    package init(
        _ quotas: AccountQuotas = AccountQuotas(), instances: [FleetTally.InstanceKind: Int] = [:]
    ) {
        self.quotas = quotas
        for (kind, count) in instances {
            guard let pool = kind.pool, let subject = VCPUQuota.Subject(kind.market, pool),
                let size = size(of: pool.instanceType)
            else { continue }
            used[subject, default: 0] += size * count
        }
    }

    /// Takes the bids that fit, in turn by worker type.
    ///
    /// - Returns: these bids, and the others, each in their order.
    package mutating func take(_ bids: [Bid]) -> (within: [Bid], over: [Bid]) {
        guard !quotas.limits.isEmpty else { return (bids, []) }
        var over: Set<Int> = []
        for index in SubmissionOrder.turns(bids) {
            guard let need = need(of: bids[index]) else { continue }
            if need.vCPUs > free(need.subject) {
                over.insert(index)
            } else {
                used[need.subject, default: 0] += need.vCPUs
            }
        }
        return (
            bids.indices.filter { !over.contains($0) }.map { bids[$0] }, over.sorted().map { bids[$0] }
        )
    }

    /// Returns what bids took that were not launched.
    package mutating func release(_ bids: [Bid]) {
        for need in bids.compactMap(need) { used[need.subject, default: 0] -= need.vCPUs }
    }

    /// The holds on the instance types that do not fit into what is left, for this iteration.
    package func holds(rules: ProvisioningRules, now: Date) -> [Hold] {
        reached.flatMap { subject, types, isWhole in
            let subjects =
                isWhole
                ? [HoldSubject.quota(subject.quotaClass, subject.market, region: subject.region)]
                : types.map {
                    HoldSubject(market: subject.market, region: subject.region, instanceType: $0)
                }
            return subjects.map {
                Hold(
                    subject: $0, until: now.addingTimeInterval(rules.shortHold), failures: 0,
                    code: Self.code, message: message(subject), since: now)
            }
        }
    }

    /// The regions in which an instance type does not fit into what is left.
    package var reachedRegions: Set<String> { Set(reached.map(\.subject.region)) }

    /// The quotas into which instance types do not fit, with these types, and whether they are all of the quota class.
    private var reached: [(subject: VCPUQuota.Subject, types: [String], isWhole: Bool)] {
        var sizes: [QuotaClass: [(type: String, size: Int)]] = [:]
        for (type, size) in quotas.sizes {
            if let size { sizes[QuotaClass(instanceType: type), default: []].append((type, size)) }
        }
        return quotas.limits.keys.sorted().compactMap { subject in
            let ofClass = sizes[subject.quotaClass] ?? []
            let free = free(subject)
            let types = ofClass.filter { subject.covers($0.type) && $0.size > free }.map(\.type).sorted()
            return types.isEmpty ? nil : (subject, types, types.count == ofClass.count)
        }
    }

    /// The code of refusals and holds by a quota that is known beforehand.
    package static let code = "vcpu-quota"

    /// The refusal of a bid that does not fit. Another pool may replace it.
    func refusal(of bid: Bid) -> ServiceFailure {
        ServiceFailure(
            kind: bid.market == .spot ? .spotLimit : .onDemandLimit, code: Self.code,
            message: need(of: bid).map { message($0.subject) } ?? "")
    }

    /// The quotas of the classes that this deployment uses, with their use.
    package var uses: [QuotaUse] {
        used.filter { $0.value > 0 }.sorted { $0.key < $1.key }.compactMap { subject, used in
            quotas.limits[subject].map { QuotaUse(quota: VCPUQuota(subject, vCPUs: $0), used: used) }
        }
    }

    private func message(_ subject: VCPUQuota.Subject) -> String {
        "\(free(subject)) of \(quotas.limits[subject] ?? 0) vCPUs of the quota \(subject.name) are free"
    }

    private func size(of instanceType: String) -> Int? { quotas.sizes[instanceType] ?? nil }

    /// vCPUs. A quota may be lower than what runs.
    private func free(_ subject: VCPUQuota.Subject) -> Int {
        max(0, (quotas.limits[subject] ?? 0) - used[subject, default: 0])
    }

    /// What a bid takes of a quota; nil where its quota or its size is unknown.
    private func need(of bid: Bid) -> (subject: VCPUQuota.Subject, vCPUs: Int)? {
        guard let subject = VCPUQuota.Subject(bid.market, bid.pool), quotas.limits[subject] != nil,
            let size = size(of: bid.pool.instanceType)
        else { return nil }
        return (subject, size)
    }
}
