import Formats

extension WorkerTypeDecision {
    /// Selects other pools for the capacity of bids that failed, or that their region cannot take.
    ///
    /// - Parameters:
    ///   - missing: the capacity of the bids that failed just now and that another pool may replace.
    ///   - waiting: the bids above the limit of their region.
    ///   - underWay: the bids of this decision that launched so far.
    ///   - fullRegions: the regions that take no more submissions.
    ///   - isLast: whether this is the last reselection of the iteration: on-demand instances are next where they are
    ///     allowed, and full regions are left out.
    ///   - market: with the holds that follow from the failures.
    /// - Returns: the bids, and why there are none or fewer.
    package func reselect(
        for type: WorkerType, missing: Int, waiting: [Bid], underWay: [Bid], fullRegions: Set<String>,
        isLast: Bool, market: MarketView, rules: ProvisioningRules
    ) -> (bids: [Bid], problems: [Problem]) {
        let open = fullRegions.isEmpty ? market : market.without(fullRegions)
        var selection = reselect(
            missing, of: type, underWay: underWay, isLast: isLast, market: isLast ? open : market,
            rules: rules)
        selection.bids += fallbackBids(
            for: waiting, of: type, underWay: underWay + selection.bids, market: open, rules: rules)
        return selection
    }

    private func reselect(
        _ missing: Int, of type: WorkerType, underWay: [Bid], isLast: Bool, market: MarketView,
        rules: ProvisioningRules
    ) -> (bids: [Bid], problems: [Problem]) {
        let launched = underWay.reduce(0) { $0 + $1.capacity }
        let headroom = headroom(of: type) - launched
        let wanted = min(missing, max(0, (change?.change ?? 0) - launched))
        guard wanted > 0 else { return ([], []) }
        let selection = Self.reselect(
            for: type, missing: wanted, headroom: headroom, market: market,
            holdings: holdings(with: underWay), bootFailures: bootFailures, isLast: isLast, rules: rules,
            now: decidedAt)
        return selection
    }

    /// Selects spot bids in other regions for bids above the limit of their region, if they cost at most `maxPremium`
    /// more: a small saving does not justify a delay of the tasks.
    ///
    /// - Parameter market: without the full regions.
    /// - Returns: bids that together cost at most `maxPremium` more, for the wanted capacity, than the waiting bids, and
    ///   have no more capacity than the headroom, or than the waiting bids.
    private func fallbackBids(
        for waiting: [Bid], of type: WorkerType, underWay: [Bid], market: MarketView, rules: ProvisioningRules
    ) -> [Bid] {
        let capacity = waiting.reduce(0) { $0 + $1.capacity }
        let launched = underWay.reduce(0) { $0 + $1.capacity }
        let wanted = min(capacity, (change?.change ?? 0) - launched)
        guard wanted > 0 else { return [] }
        let most = max(capacity, headroom(of: type) - launched)
        let priceOfUnit = waiting.reduce(0) { $0 + $1.effectivePrice.usd } / Double(capacity)
        let selection = reselect(
            wanted, of: type, underWay: underWay, isLast: false, market: market, rules: rules)
        var (taken, paid) = (0, 0.0)
        return selection.bids.filter { bid in
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
