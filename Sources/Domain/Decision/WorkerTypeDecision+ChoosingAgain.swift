extension WorkerTypeDecision {
    /// Bids for the capacity of this decision that could not be had where it was sought.
    ///
    /// - Parameters:
    ///   - missing: the capacity of the bids that failed just now and may be sought elsewhere.
    ///   - waiting: the bids that their region may not be sent in this iteration.
    ///   - underWay: what this decision has launched so far.
    ///   - fullRegions: those that may be sent nothing more.
    ///   - isLast: whether this is the last time in this iteration: instances on demand are next where they may be
    ///     used, and what a full region would have to take is not sought any more.
    ///   - market: with the back-offs that the failures brought.
    /// - Returns: the bids, and why there are none or fewer.
    public func choosingAgain(
        for type: WorkerType, missing: Int, waiting: [Bid], underWay: [Bid], fullRegions: Set<String>,
        isLast: Bool, market: MarketView, rules: ProvisioningRules
    ) -> (bids: [Bid], problems: [Problem]) {
        let open = fullRegions.isEmpty ? market : market.without(fullRegions)
        var again = replacing(
            missing, of: type, underWay: underWay, isLast: isLast, market: isLast ? open : market,
            rules: rules)
        again.bids += replacing(
            waiting, of: type, underWay: underWay + again.bids, market: open, rules: rules)
        return again
    }

    private func replacing(
        _ missing: Int, of type: WorkerType, underWay: [Bid], isLast: Bool, market: MarketView,
        rules: ProvisioningRules
    ) -> (bids: [Bid], problems: [Problem]) {
        let launched = underWay.reduce(0) { $0 + $1.capacity }
        let headroom = tally.headroom(below: type.definition.maxCapacity) - launched
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

    /// Spot bids for what is more than a region may be sent in one iteration, where that costs little more than it would
    /// there: a task does not wait for a limit of ours that money hardly helps to keep.
    ///
    /// - Parameter market: without the regions that may be sent nothing more.
    /// - Returns: bids that together are at most `maxPremium` dearer, for the capacity that is wanted of them, than those
    ///   that wait, and no more capacity than `maxCapacity` leaves, or than those had.
    private func replacing(
        _ waiting: [Bid], of type: WorkerType, underWay: [Bid], market: MarketView, rules: ProvisioningRules
    ) -> [Bid] {
        let capacity = waiting.reduce(0) { $0 + $1.capacity }
        let launched = underWay.reduce(0) { $0 + $1.capacity }
        let wanted = min(capacity, (change?.change ?? 0) - launched)
        guard wanted > 0 else { return [] }
        let most = max(capacity, tally.headroom(below: type.definition.maxCapacity) - launched)
        let priceOfUnit = waiting.reduce(0) { $0 + $1.effectivePrice.usd } / Double(capacity)
        let again = replacing(
            wanted, of: type, underWay: underWay, isLast: false, market: market, rules: rules)
        var (taken, paid) = (0, 0.0)
        return again.bids.filter { bid in
            let (sum, price) = (taken + bid.capacity, paid + bid.effectivePrice.usd)
            let budget = priceOfUnit * Double(min(sum, wanted)) * (1 + rules.maxPremium)
            guard bid.market == .spot, sum <= most, price <= budget else { return false }
            (taken, paid) = (sum, price)
            return true
        }
    }
}

extension WorkerTypeDecision.MarketView {
    /// The market without some regions.
    fileprivate func without(_ regions: Set<String>) -> Self {
        var view = self
        view.book = book.without(regions)
        view.zones = zones.filter { !regions.contains($0.key) }
        return view
    }
}
