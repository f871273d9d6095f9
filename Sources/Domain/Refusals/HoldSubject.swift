/// The subject of a hold: a part of EC2, or a worker type.
package enum HoldSubject: Hashable, Codable, Sendable {
    /// Spot capacity of a pool.
    case pool(Pool)
    /// On-demand capacity of a pool: EC2 often has it where spot capacity has run out.
    case onDemandPool(Pool)
    /// A zone: it has no addresses or volumes left.
    case zone(region: String, zone: String)
    /// A region: a limit of the account that applies to both markets.
    case region(String)
    /// Spot capacity of a whole region: its limit was reached.
    case regionSpot(String)
    /// On-demand capacity of a whole region: its limit was reached.
    case regionOnDemand(String)
    /// A worker type whose definition EC2 refuses.
    case workerType(String)
}

extension HoldSubject {
    /// The subject for display.
    package var name: String {
        switch self {
        case .pool(let pool): "\(pool)"
        case .onDemandPool(let pool): "\(pool) on demand"
        case .zone(_, let zone): zone
        case .region(let region): region
        case .regionSpot(let region): "spot in \(region)"
        case .regionOnDemand(let region): "on demand in \(region)"
        case .workerType(let name): "worker type \(name)"
        }
    }
}
