/// A failed call to EC2 or the Queue, classified by its consequence.
package struct ServiceFailure: Error, Hashable, Codable, Sendable {
    /// The meaning of a failure for the decision. `EC2Codes` maps the codes of EC2 to kinds.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The pool has no capacity now: hold it and reselect.
        case noCapacity
        /// The zone has no volumes of the kind that the worker type wants.
        case noZoneCapacity
        /// The subnet has no free addresses.
        case subnetFull
        /// The bid is below the pool's price: hold the pool and reselect.
        case priceTooLow
        /// The spot quota of the instance type's quota class is reached in the region.
        case spotLimit
        /// The on-demand quota of the instance type's quota class is reached in the region.
        case onDemandLimit
        /// Another limit of the account in the region, on volumes for example.
        case regionLimit
        /// The instance type does not fit the image or the parameters of the worker type.
        case unsuitableType
        /// The worker type cannot launch in the zone: it has no default subnet, or is constrained.
        case unusableZone
        /// An image, group, key, snapshot, template or subnet of the worker type does not exist in the region.
        case missingResource
        /// EC2 does not know the instance profile. A new profile is not known for some seconds.
        case newProfile
        /// The call rate is above the limit, or the service has an outage: the same call may succeed later.
        case throttled
        /// EC2 refuses a parameter of the definition.
        case definition
        /// The call lacks a right or a subscription. A launch lacks it for the image, role or subnet of its worker type.
        case unauthorized
        /// EC2 does not accept the credentials that signed the call: the deployment is misconfigured.
        case credentials
        /// The account has no role for spot instances: only on-demand instances can be launched.
        case noSpotRole
        /// The named resource does not exist, or not yet: the next iteration tries again.
        case notFound
        /// EC2 accepted another call with this client token: its instance will be shown.
        case tokenUsed
        /// EC2 accepted this launch earlier, and its instance has ended.
        case alreadyEnded
        /// Launches in a row in the region had no response: no more are tried.
        case unresponsive
        /// EC2 reclaimed spot instances of the pool at a high rate.
        case interrupted
        /// No response, or an unreadable one: whether the call took effect is unknown.
        case unreachable
        /// Any other error response.
        case other
    }

    package let kind: Kind
    /// The code of the service, `InsufficientInstanceCapacity`; a lower-case code of this program where the service returned
    /// none.
    package let code: String
    package let message: String

    package init(kind: Kind, code: String, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }
}

extension ServiceFailure: CustomStringConvertible {
    package var description: String { code.isEmpty ? message : "\(code): \(message)" }

    /// The prefix of an encoded authorization message, which only `DecodeAuthorizationMessage` decodes.
    package static let encodedReason = "Encoded authorization failure message:"

    /// The message without an encoded authorization message, which is some kilobytes long, and how to decode it.
    package static func brief(_ message: String) -> String {
        guard let range = message.firstRange(of: encodedReason) else { return message }
        return message[..<range.lowerBound]
            + "The reason is encoded: see --json and aws sts decode-authorization-message"
    }
}
