/// The meanings of EC2's codes in error responses, the status of spot requests,
/// and the state reason of instances. No other file compares codes of EC2.
///
/// The consequences of each meaning are in `ServiceFailure.Kind` and `ServiceFailure+Holds.swift`.
package enum EC2Codes {
    /// The meaning of one code.
    struct Meaning: Sendable {
        /// The refusal that the code expresses; nil where it expresses none.
        var refusal: ServiceFailure.Kind?
        /// EC2 reclaimed the spot instance.
        var isInterruption = false
        /// An open spot request with this status will not be fulfilled soon.
        var isStalled = false

        static let interruption = Meaning(isInterruption: true)

        static func refusal(_ kind: ServiceFailure.Kind) -> Meaning { Meaning(refusal: kind) }

        static func stalled(_ kind: ServiceFailure.Kind?) -> Meaning {
            Meaning(refusal: kind, isStalled: true)
        }
    }

    // MARK: Spot requests

    /// Source: Amazon EC2 User Guide, "Spot request status".
    static let spotRequestStatuses: [String: Meaning] = [
        "capacity-not-available": .stalled(.noCapacity), "capacity-oversubscribed": .stalled(.noCapacity),
        "price-too-low": .stalled(.priceTooLow), "not-scheduled-yet": .stalled(nil),
        "launch-group-constraint": .stalled(.noCapacity), "az-group-constraint": .stalled(.noCapacity),
        "placement-group-constraint": .stalled(.noCapacity),
        "constraint-not-fulfillable": .stalled(.noCapacity),

        "schedule-expired": .refusal(.noCapacity),
        // The account's limit on the number or the size of volumes.
        "limit-exceeded": .refusal(.regionLimit),
        "bad-parameters": .refusal(.definition), "system-error": .refusal(.other),

        "instance-terminated-by-price": .interruption, "instance-terminated-no-capacity": .interruption,
        "instance-terminated-capacity-oversubscribed": .interruption,
        "instance-terminated-launch-group-constraint": .interruption,
        "instance-stopped-by-price": .interruption, "instance-stopped-no-capacity": .interruption,
        "instance-stopped-capacity-oversubscribed": .interruption,
        "instance-stopped-launch-group-constraint": .interruption,
    ]

    /// Whether an open spot request with this status will not be fulfilled soon.
    package static func isStalled(spotRequestStatus code: String) -> Bool {
        spotRequestStatuses[code]?.isStalled ?? false
    }

    /// Whether the instance of the spot request is terminated, for any reason.
    package static func isTermination(spotRequestStatus code: String) -> Bool {
        code.hasPrefix("instance-terminated-") || code == "spot-instance-terminated-by-user"
    }

    /// The failure of a spot request that is open or ended without an instance; nil where the status expresses none:
    /// the request was cancelled, or EC2 may still fulfil it.
    package static func failure(spotRequestStatus code: String) -> ServiceFailure? {
        spotRequestStatuses[code]?.refusal.map {
            ServiceFailure(kind: $0, code: code, message: "a spot request was not fulfilled")
        }
    }

    // MARK: Instances

    /// Source: Amazon EC2 API Reference, "StateReason".
    static let stateReasons: [String: Meaning] = [
        "Server.InsufficientInstanceCapacity": .refusal(.noCapacity),
        // A boot that failed; see `BootFailures`.
        "Server.InternalError": Meaning(),
        "Client.VolumeLimitExceeded": .refusal(.regionLimit),
        // The usual cause of Client.InternalError is an encryption key of a volume without permission to use it.
        "Client.InternalError": .refusal(.definition),
        "Client.InvalidSnapshot.NotFound": .refusal(.missingResource),
        "Server.SpotInstanceTermination": .interruption, "Server.SpotInstanceShutdown": .interruption,
    ]

    /// The failure of an instance that EC2 accepted and never started; nil for every other state reason.
    package static func failure(stateReason code: String) -> ServiceFailure? {
        stateReasons[code]?.refusal.map {
            ServiceFailure(kind: $0, code: code, message: "EC2 ended the instance as it was launched")
        }
    }

    // MARK: Both

    /// Whether a state reason or spot request status means that EC2 reclaimed the instance.
    package static func isInterruption(_ code: String) -> Bool {
        (stateReasons[code] ?? spotRequestStatuses[code])?.isInterruption ?? false
    }

    /// Whether an end of an instance that did not check in says nothing about its image: EC2 or a person ended it.
    package static func isNoBootFailure(_ code: String) -> Bool {
        if code == "Server.InternalError" { return false }
        return code.hasPrefix("Server.") || isInterruption(code) || code == "vanished"
            || code == userShutdown
    }

    /// The state reason of an instance that TerminateInstances ended.
    static let userShutdown = "Client.UserInitiatedShutdown"
}
