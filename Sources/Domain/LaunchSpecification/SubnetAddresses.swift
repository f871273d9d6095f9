/// The addresses that the launches of one iteration take from the subnets of the setting `subnets`.
package struct SubnetAddresses: Sendable {
    /// The number of addresses by the id of the subnet.
    private var taken: [String: Int] = [:]
    /// The subnets that EC2 reported as full.
    private var full: Set<String> = []

    package init() {}

    /// Takes an address for a launch: of the first subnet of the zone that has one left. If none is left, the launch gets
    /// the first subnet, and EC2 decides.
    ///
    /// - Returns: the bid with its subnet; the same bid without the setting.
    package mutating func take(for bid: Bid, of type: WorkerType) -> Bid {
        let subnets = type.definition.subnetChoice?.subnets(of: bid.pool.availabilityZone) ?? []
        let free = subnets.first { !full.contains($0.id) && taken[$0.id, default: 0] < $0.freeAddresses }
        guard let subnet = free ?? subnets.first else { return bid }
        taken[subnet.id, default: 0] += 1
        var bid = bid
        bid.subnet = subnet.id
        return bid
    }

    /// Returns the addresses of launches that failed, and notes the full subnets.
    package mutating func add(_ results: [BidResult]) {
        for result in results where !result.counts {
            guard let subnet = result.bid.subnet else { continue }
            taken[subnet, default: 1] -= 1
            if result.failure?.kind == .subnetFull { full.insert(subnet) }
        }
    }
}
