/// A call to EC2 or the Queue that did not do what was asked, classed by what follows from it.
public struct ServiceFailure: Error, Hashable, Codable, Sendable {
    /// What a failure means for the decision. Which of EC2's codes belongs where stands in one table, in EC2.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The pool has nothing to give now: back it off and choose again.
        case noCapacity
        /// The bid is below the pool's price: back it off and choose again.
        case priceTooLow
        /// The region's spot limit is reached: back the region's spot off.
        case spotLimit
        /// The account's limit for instances on demand is reached in the region.
        case onDemandLimit
        /// Asked too fast, or the service is in trouble: the same call may go through later.
        case throttled
        /// The definition cannot be launched (image, security group, parameter): stop the worker type.
        case definition
        /// The credentials lack the right, or are none: the deployment is misconfigured.
        case unauthorized
        /// The thing named does not exist, or not yet.
        case notFound
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
}
