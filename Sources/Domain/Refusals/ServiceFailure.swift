/// A failed call to EC2 or the Queue, classified by its consequence.
package struct ServiceFailure: Error, Hashable, Codable, Sendable {
    /// The meaning of a failure for the decision. `EC2Codes` maps the codes of EC2 to kinds.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The pool has no capacity now: hold it and reselect.
        case noCapacity
        /// The zone has no addresses or volumes for any instance type: hold it and reselect.
        case noZoneCapacity
        /// The bid is below the pool's price: hold the pool and reselect.
        case priceTooLow
        /// The region's spot limit is reached: hold spot in the region.
        case spotLimit
        /// The account's on-demand limit is reached in the region.
        case onDemandLimit
        /// A limit of the account that applies to both markets, on volumes for example: hold the region.
        case regionLimit
        /// The call rate is above the limit, or the service has an outage: the same call may succeed later.
        case throttled
        /// EC2 cannot launch the definition (image, security group, parameter): stop the worker type.
        case definition
        /// Credentials are missing or lack a right: the deployment is misconfigured.
        case unauthorized
        /// The named resource does not exist, or not yet: the next iteration tries again.
        case notFound
        /// EC2 accepted another call with this client token: its instance will be shown.
        case tokenUsed
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
