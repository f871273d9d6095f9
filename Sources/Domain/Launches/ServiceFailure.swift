/// A call to EC2 or the Queue that did not do what was asked, classed by what follows from it.
public struct ServiceFailure: Error, Hashable, Codable, Sendable {
    /// What a failure means for the decision. Which of EC2's codes belongs where stands in one table, in EC2.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The pool has nothing to give now: back it off and choose again.
        case noCapacity
        /// The zone has no addresses or volumes to give, whatever the instance type: back it off and choose again.
        case noZoneCapacity
        /// The bid is below the pool's price: back it off and choose again.
        case priceTooLow
        /// The region's spot limit is reached: back the region's spot off.
        case spotLimit
        /// The account's limit for instances on demand is reached in the region.
        case onDemandLimit
        /// A limit of the account that either market meets in the region, on volumes for example: back the region
        /// off.
        case regionLimit
        /// Asked too fast, or the service is in trouble: the same call may go through later.
        case throttled
        /// The definition cannot be launched (image, security group, parameter): stop the worker type.
        case definition
        /// The credentials lack the right, or are none: the deployment is misconfigured.
        case unauthorized
        /// The thing named does not exist, or not yet: the same again in the next iteration.
        case notFound
        /// The client token was used for another call, which EC2 took: what it made will show.
        case tokenUsed
        /// Nobody answered, or what came was garbage: whether the call took effect is not known.
        case unreachable
        /// The answer is an error that is none of the above.
        case other
    }

    public let kind: Kind
    /// The service's own code, `InsufficientInstanceCapacity`; ours in lower case where the service gave none.
    public let code: String
    public let message: String

    public init(kind: Kind, code: String, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }
}

extension ServiceFailure: CustomStringConvertible {
    public var description: String { "\(code): \(message)" }

    /// What EC2 puts before the encoded reason of a refusal, which only `DecodeAuthorizationMessage` can read.
    public static let encodedReason = "Encoded authorization failure message:"

    /// A message for people: of an encoded reason, some kilobytes of nonsense to them, no more than how to read it.
    public static func brief(_ message: String) -> String {
        guard let range = message.firstRange(of: encodedReason) else { return message }
        return message[..<range.lowerBound]
            + "The reason is encoded: see --json and aws sts decode-authorization-message"
    }
}
