extension WorkerTypeDecision {
    /// Bids for the capacity of this decision that could not be had where it was sought.
    ///
    /// - Parameters:
    ///   - missing: the capacity of the bids that failed just now and may be sought elsewhere.
    ///   - underWay: what this decision has launched so far.
    ///   - market: with the back-offs that the failures brought.
    /// - Returns: the bids, and why there are none or fewer.
    public func choosingAgain(
        for type: WorkerType, missing: Int, underWay: [Bid], market: MarketView, rules: ProvisioningRules
    ) -> (bids: [Bid], problems: [String]) {
        let launched = underWay.reduce(0) { $0 + $1.capacity }
        let headroom = type.definition.maxCapacity - tally.total - launched
        let wanted = min(missing, max(0, (change?.change ?? 0) - launched))
        guard wanted > 0 else { return ([], []) }
        let again = Self.reselection(
            for: type, missing: wanted, headroom: headroom, market: market,
            holdings: holdings(with: underWay), rules: rules, now: decidedAt)
        // A probe of a worker type that does not boot stays one launch.
        return (
            bootFailures?.isProbe == true ? Array(again.bids.prefix(1)) : again.bids, again.problems
        )
    }
}

extension ServiceFailure {
    /// What is left alone because a bid failed this way; nil when the failure says nothing of the offer.
    public func backOffSubject(for bid: Bid) -> BackOff.Subject? {
        switch kind {
        case .noCapacity, .priceTooLow, .other, .notFound: .pool(bid.pool)
        case .spotLimit: .regionSpot(bid.pool.region)
        case .onDemandLimit: .regionOnDemand(bid.pool.region)
        case .definition: .workerType(bid.workerType)
        case .throttled, .unauthorized, .unreachable: nil
        }
    }

    /// Whether the capacity of a bid that failed this way may be sought in another pool in the same iteration.
    public var mayChooseAgain: Bool {
        switch kind {
        case .noCapacity, .priceTooLow, .spotLimit, .onDemandLimit, .other, .notFound: true
        case .throttled, .definition, .unauthorized, .unreachable: false
        }
    }
}
