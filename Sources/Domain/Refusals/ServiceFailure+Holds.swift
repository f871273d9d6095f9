extension Bid {
    /// The subjects that a started instance proves to be available, beside the limits of the account.
    package var offerSubjects: [HoldSubject] {
        [
            market == .spot ? .pool(pool) : .onDemandPool(pool),
            .zone(region: pool.region, zone: pool.availabilityZone), .workerType(workerType),
        ]
    }

    /// The limits of the account that apply to a launch of this bid.
    package var limitSubjects: [HoldSubject] {
        [
            .region(pool.region),
            market == .spot ? .regionSpot(pool.region) : .regionOnDemand(pool.region),
        ]
    }
}

extension ServiceFailure {
    /// The subject that is held because a bid failed this way; nil when the failure does not concern the offer.
    package func holdSubject(for bid: Bid) -> HoldSubject? {
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

    /// Whether the failure rules out the worker type for the rest of the iteration, in every region.
    package var isOfWorkerType: Bool { kind == .definition || kind == .unauthorized }

    /// Whether another pool may replace the capacity of a bid that failed this way in the same iteration.
    package var mayReselect: Bool {
        switch kind {
        case .noCapacity, .noZoneCapacity, .priceTooLow, .spotLimit, .onDemandLimit, .regionLimit, .other:
            true
        case .throttled, .definition, .unauthorized, .notFound, .tokenUsed, .unreachable: false
        }
    }

    /// Whether the call may have taken effect, or may still take effect when it is repeated.
    package var leavesOpen: Bool { kind == .throttled || kind == .unreachable || kind == .tokenUsed }
}
