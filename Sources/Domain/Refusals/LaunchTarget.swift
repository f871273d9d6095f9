import Formats

/// The properties of a launch that a hold can concern.
package struct LaunchTarget: Hashable, Sendable {
    package let workerType: String
    package let market: Market
    package let pool: Pool
    /// The id of the subnet; `default subnet of ZONE` where the definition names none.
    package let subnet: String
    package let quotaClass: QuotaClass
    /// The most that the launch may cost; nil for an on-demand launch.
    package let bidPrice: Price?

    /// - Parameter subnet: the subnet that the definition names for the pool.
    package init(workerType: String, market: Market, pool: Pool, subnet: String?, bidPrice: Price? = nil) {
        self.workerType = workerType
        self.market = market
        self.pool = pool
        self.subnet = subnet ?? "default subnet of \(pool.availabilityZone)"
        quotaClass = QuotaClass(instanceType: pool.instanceType)
        self.bidPrice = bidPrice
    }

    /// A launch of any worker type, in the default subnet.
    package init(in pool: Pool, _ market: Market) {
        self.init(workerType: "", market: market, pool: pool, subnet: nil)
    }

    /// - Parameter definition: the definition of the bid's worker type; nil when it does not exist any more.
    package init(_ bid: Bid, definition: WorkerTypeDefinition?) {
        self.init(
            workerType: bid.workerType, market: bid.market, pool: bid.pool,
            subnet: bid.subnet ?? definition?.subnet(of: bid.pool),
            bidPrice: bid.market == .spot ? bid.bidPrice : nil)
    }
}

extension WorkerTypeDefinition {
    /// The subnet that the definition names for launches in a pool; nil for the default subnet of the zone.
    func subnet(of pool: Pool) -> String? {
        let specification = PoolLayers(self, pool: pool).specification
        let interface = specification["NetworkInterfaces"]?.arrayValue?.first?.objectValue
        return (specification["SubnetId"] ?? interface?["SubnetId"])?.stringValue
    }
}
