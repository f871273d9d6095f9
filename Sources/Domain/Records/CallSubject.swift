/// The subject of a call to a service: a region, a worker type's queue, an instance.
package struct CallSubject: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The instances, requests and zones of a region.
        case region
        /// The spot prices of a region.
        case prices
        /// The key pair of a region.
        case keyPair = "key pair"
        /// The stored definition of a worker type, which the iteration skips.
        case workerType = "worker type"
        /// The pending tasks of a worker type.
        case queue
        /// The notices of interruptions.
        case interruptionQueue = "interruption queue"
        /// Terminations in a region, or of an instance.
        case terminate
        /// Cancellations in a region, or of a spot request.
        case cancel
        /// Launches in a region.
        case launch
        /// Tags of an instance.
        case tag
    }

    package let kind: Kind
    /// The name of the region, worker type or resource; empty for the interruption queue.
    package let name: String

    package init(_ kind: Kind, _ name: String = "") {
        self.kind = kind
        self.name = name
    }
}

extension CallSubject: CustomStringConvertible {
    /// `region us-east-1`, for example.
    package var description: String { name.isEmpty ? kind.rawValue : "\(kind.rawValue) \(name)" }
}
