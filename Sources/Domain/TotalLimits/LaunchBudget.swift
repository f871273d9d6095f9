import FoundationEssentials

/// What the limits over all worker types leave for the launches of one iteration.
///
/// A part of each limit is kept for the minCapacity of every worker type: bids up to the minCapacity of their worker type may
/// use all of it, other bids only the rest.
package struct LaunchBudget: Sendable {
    /// The hours of an instance that count against a limit of spend: one against the limit of an hour, the next one, or what
    /// is left, against the limit of a day or month.
    struct Spans: Sendable {
        private let day: Double
        private let month: Double

        init(at now: Date) {
            day = SpendPeriod.day(containing: now).hoursLeft(at: now)
            month = SpendPeriod.month(containing: now).hoursLeft(at: now)
        }

        /// The hours until the end of the period.
        func left(of kind: TotalLimits.Kind) -> Double { kind == .monthlySpend ? month : day }

        /// The hours that a launch is assumed to run in the period.
        func next(of kind: TotalLimits.Kind) -> Double {
            kind.isOfPeriod ? min(1, left(of: kind)) : 1
        }
    }

    private let limits: TotalLimits
    private let spans: Spans
    private let prices: HourlyPrices?
    private let guarantees: [String: CapacityGuarantee]
    private let unpricedInstances: Int
    /// What was spent since the begin of the day or month.
    private let spent: [TotalLimits.Kind: Double]
    // Amounts of spend are whole billionths of a US dollar. Sums of whole numbers are exact in any order, also after a
    // release.
    private var used: [TotalLimits.Kind: Double] = [:]
    private var reserved: [TotalLimits.Kind: Double] = [:]
    /// The capacity of the bids that were taken, by worker type.
    private var taken: [String: Int] = [:]

    /// - Parameters:
    ///   - inputs: the inputs of all decisions.
    ///   - use: before the launches of the iteration.
    ///   - prices: nil where no limit of spend needs them.
    init(
        _ inputs: [WorkerTypeDecision.Input], market: WorkerTypeDecision.MarketView, use: TotalUse,
        prices: HourlyPrices?, rules: ProvisioningRules, now: Date
    ) {
        limits = rules.totalLimits
        spans = Spans(at: now)
        self.prices = prices
        unpricedInstances = use.unpricedInstances
        guarantees =
            limits.isEmpty
            ? [:]
            : Dictionary(
                inputs.compactMap { input in
                    CapacityGuarantee(input, market: market, prices: prices, rules: rules).map {
                        (input.workerType.name, $0)
                    }
                }, uniquingKeysWith: { first, _ in first })
        spent = [
            .dailySpend: Self.whole(use.usdToday, .dailySpend),
            .monthlySpend: Self.whole(use.usdThisMonth, .monthlySpend),
        ]
        for (kind, _) in limits.all {
            used[kind] =
                switch kind {
                case .capacity: Double(use.capacity)
                case .instances: Double(use.instances)
                case .hourlySpend, .dailySpend, .monthlySpend:
                    (spent[kind] ?? 0) + Self.whole(use.usdPerHour * spans.next(of: kind), kind)
                }
            reserved[kind] = guarantees.values.reduce(0) { $0 + kept(of: kind, for: $1, missing: $1.missing) }
        }
    }

    /// What the limits leave for one worker type; nil without limits.
    func allowance(of workerType: String) -> LaunchAllowance? {
        guard !limits.isEmpty else { return nil }
        let missing = missing(of: workerType)
        func left(_ kind: TotalLimits.Kind) -> Int? {
            guard let limit = limits[kind], let used = used[kind], let reserved = reserved[kind] else {
                return nil
            }
            let own = guarantees[workerType].map { kept(of: kind, for: $0, missing: missing) } ?? 0
            let unused = max(0, limit - used)
            return Int(max(min(own, unused), unused - (reserved - own)).rounded(.down))
        }
        return LaunchAllowance(capacity: left(.capacity), instances: left(.instances))
    }

    /// Takes the bids that the limits leave place for, in turn by worker type.
    ///
    /// - Returns: these bids in the given order, so that limits that are far away change nothing, and the other bids each
    ///   with the limit that it would exceed.
    package mutating func take(_ bids: [Bid]) -> (within: [Bid], over: [BidOverLimit]) {
        guard !limits.isEmpty else { return (bids, []) }
        var within: [Int] = []
        var over: [BidOverLimit] = []
        for index in SubmissionOrder.turns(bids) {
            if let excess = excess(of: bids[index]) {
                over.append(excess)
            } else {
                add(bids[index], times: 1)
                within.append(index)
            }
        }
        return (within.sorted().map { bids[$0] }, over)
    }

    /// Returns what bids took that were not launched.
    package mutating func release(_ bids: [Bid]) {
        if limits.isEmpty { return }
        for bid in bids { add(bid, times: -1) }
    }

    /// The limits with what counts against them.
    package var uses: [LimitUse] {
        limits.all.map { kind, value in
            let used = used[kind] ?? 0
            let unit = Self.unit(of: kind)
            return LimitUse(
                kind, limit: value, used: used / unit, nextHour: spent[kind].map { (used - $0) / unit },
                reserved: (reserved[kind] ?? 0) / unit,
                unpricedInstances: kind.isSpend ? unpricedInstances : 0)
        }
    }

    private func missing(of workerType: String) -> Int {
        max(0, (guarantees[workerType]?.missing ?? 0) - taken[workerType, default: 0])
    }

    /// The limit that a bid would exceed; nil where it fits.
    private func excess(of bid: Bid) -> BidOverLimit? {
        let isGuaranteed = missing(of: bid.workerType) > 0
        for (kind, limit) in limits.all {
            guard let amount = amount(of: bid, kind) else {
                return BidOverLimit(bid: bid, limit: kind, isUnpriced: true)
            }
            let kept = isGuaranteed ? 0 : reserved[kind] ?? 0
            let used = used[kind] ?? 0
            let limit = Self.whole(limit, kind)
            // At the limit not even an instance without cost is launched.
            if used >= limit || used + kept + amount > limit {
                return BidOverLimit(bid: bid, limit: kind, isUnpriced: false)
            }
        }
        return nil
    }

    /// The whole units of an amount.
    private static func whole(_ amount: Double, _ kind: TotalLimits.Kind) -> Double {
        (amount * unit(of: kind)).rounded()
    }

    /// The number of units in a unit of the limit.
    private static func unit(of kind: TotalLimits.Kind) -> Double { kind.isSpend ? 1e9 : 1 }

    /// The part of a limit that is kept for a worker type while some of its capacity is missing.
    private func kept(of kind: TotalLimits.Kind, for guarantee: CapacityGuarantee, missing: Int) -> Double {
        Self.whole(guarantee.amount(of: kind, missing: missing, spans), kind)
    }

    private mutating func add(_ bid: Bid, times factor: Double) {
        let before = missing(of: bid.workerType)
        taken[bid.workerType, default: 0] += factor > 0 ? bid.capacity : -bid.capacity
        let after = missing(of: bid.workerType)
        let guarantee = guarantees[bid.workerType]
        for (kind, _) in limits.all {
            used[kind, default: 0] += factor * (amount(of: bid, kind) ?? 0)
            guard let guarantee, before != after else { continue }
            reserved[kind, default: 0] +=
                kept(of: kind, for: guarantee, missing: after)
                - kept(of: kind, for: guarantee, missing: before)
        }
    }

    /// What a bid takes of a limit; nil where its price is unknown.
    private func amount(of bid: Bid, _ kind: TotalLimits.Kind) -> Double? {
        switch kind {
        case .capacity: Double(bid.capacity)
        case .instances: 1
        case .hourlySpend, .dailySpend, .monthlySpend:
            prices?.usd(bid).map { Self.whole($0 * spans.next(of: kind), kind) }
        }
    }
}
