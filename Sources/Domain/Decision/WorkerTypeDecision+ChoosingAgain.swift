extension WorkerTypeDecision {
    /// Bids for the capacity of this decision that could not be had where it was sought.
    ///
    /// - Parameters:
    ///   - missing: the capacity of the bids that failed just now and may be sought elsewhere.
    ///   - underWay: what this decision has launched so far.
    ///   - isLast: whether this is the last time in this iteration: instances on demand are next where they may be
    ///     used.
    ///   - market: with the back-offs that the failures brought.
    /// - Returns: the bids, and why there are none or fewer.
    public func choosingAgain(
        for type: WorkerType, missing: Int, underWay: [Bid], isLast: Bool, market: MarketView,
        rules: ProvisioningRules
    ) -> (bids: [Bid], problems: [String]) {
        let launched = underWay.reduce(0) { $0 + $1.capacity }
        let headroom = tally.room(below: type.definition.maxCapacity) - launched
        let wanted = min(missing, max(0, (change?.change ?? 0) - launched))
        guard wanted > 0 else { return ([], []) }
        let again = Self.reselection(
            for: type, missing: wanted, headroom: headroom, market: market,
            holdings: holdings(with: underWay), isLast: isLast, rules: rules, now: decidedAt)
        // A probe of a worker type that does not boot stays one launch.
        return (
            bootFailures?.isProbe == true ? Array(again.bids.prefix(1)) : again.bids, again.problems
        )
    }

    /// Bids in other regions for what is more than a region may be sent in one iteration, where that costs little more
    /// than it would there: a task does not wait for a limit of ours that money hardly helps to keep.
    ///
    /// - Parameters:
    ///   - waiting: the bids of this decision that their region could not be sent.
    ///   - underWay: what this decision has launched so far, and what else is about to be submitted for it.
    ///   - fullRegions: those that may be sent nothing more.
    /// - Returns: spot bids, each at most `maxPremium` dearer for its capacity than the dearest of those that wait.
    public func choosingElsewhere(
        for type: WorkerType, waiting: [Bid], underWay: [Bid], fullRegions: Set<String>, market: MarketView,
        rules: ProvisioningRules
    ) -> [Bid] {
        guard let dearest = waiting.map(\.effectivePriceOfUnit).max() else { return [] }
        let again = choosingAgain(
            for: type, missing: waiting.reduce(0) { $0 + $1.capacity }, underWay: underWay, isLast: false,
            market: market.without(fullRegions), rules: rules)
        return again.bids.filter {
            $0.market == .spot && $0.effectivePriceOfUnit <= dearest * (1 + rules.maxPremium)
        }
    }
}

extension WorkerTypeDecision.MarketView {
    /// The market without some regions.
    func without(_ regions: Set<String>) -> Self {
        var view = self
        view.book = book.without(regions)
        view.zones = zones.filter { !regions.contains($0.key) }
        return view
    }
}

extension Bid {
    /// US dollars an hour for one task at once.
    fileprivate var effectivePriceOfUnit: Double { effectivePrice.usd / Double(max(1, capacity)) }

    /// What an instance that started shows to work, beside the limits of the account.
    public var offerSubjects: [BackOff.Subject] {
        [
            market == .spot ? .pool(pool) : .onDemandPool(pool),
            .zone(region: pool.region, zone: pool.availabilityZone), .workerType(workerType),
        ]
    }
}

extension ServiceFailure {
    /// What is left alone because a bid failed this way; nil when the failure says nothing of the offer.
    public func backOffSubject(for bid: Bid) -> BackOff.Subject? {
        switch kind {
        case .noCapacity, .priceTooLow, .other:
            bid.market == .spot ? .pool(bid.pool) : .onDemandPool(bid.pool)
        case .noZoneCapacity: .zone(region: bid.pool.region, zone: bid.pool.availabilityZone)
        case .spotLimit: .regionSpot(bid.pool.region)
        case .onDemandLimit: .regionOnDemand(bid.pool.region)
        case .regionLimit: .region(bid.pool.region)
        case .definition: .workerType(bid.workerType)
        case .throttled, .unauthorized, .notFound, .tokenUsed, .unreachable: nil
        }
    }

    /// Whether the capacity of a bid that failed this way may be sought in another pool in the same iteration.
    public var mayChooseAgain: Bool {
        switch kind {
        case .noCapacity, .noZoneCapacity, .priceTooLow, .spotLimit, .onDemandLimit, .regionLimit, .other:
            true
        case .throttled, .definition, .unauthorized, .notFound, .tokenUsed, .unreachable: false
        }
    }
}
