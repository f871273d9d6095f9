/// What the status code of a spot request means: the one table that says so.
///
/// Source: Amazon EC2 User Guide, "Spot request status".
public enum SpotRequestStatus {
    /// Codes of open requests that will not be fulfilled soon.
    public static let stalled: Set<String> = [
        "capacity-not-available", "capacity-oversubscribed", "price-too-low", "not-scheduled-yet",
        "launch-group-constraint", "az-group-constraint", "placement-group-constraint",
        "constraint-not-fulfillable",
    ]

    /// EC2 took the instance back.
    private static let interruptions: Set<String> = [
        "instance-terminated-by-price", "instance-terminated-no-capacity",
        "instance-terminated-capacity-oversubscribed", "instance-terminated-launch-group-constraint",
        "instance-stopped-by-price", "instance-stopped-no-capacity",
        "instance-stopped-capacity-oversubscribed", "instance-stopped-launch-group-constraint",
    ]

    public static func isInterruption(_ code: String) -> Bool { interruptions.contains(code) }

    /// Whether the instance of the request is terminated, by whomever.
    public static func isTermination(_ code: String) -> Bool {
        code.hasPrefix("instance-terminated-") || code == "spot-instance-terminated-by-user"
    }

    /// What follows from a request that waits or ended without an instance; nil when nothing does: it was
    /// cancelled, or may yet be fulfilled.
    public static func failure(_ code: String) -> ServiceFailure? {
        let kind: ServiceFailure.Kind
        switch code {
        case "price-too-low": kind = .priceTooLow
        case "not-scheduled-yet": return nil
        case _ where stalled.contains(code), "schedule-expired": kind = .noCapacity
        // The account's limit on the number or the size of volumes.
        case "limit-exceeded": kind = .regionLimit
        case "bad-parameters": kind = .definition
        case "system-error": kind = .other
        default: return nil
        }
        return ServiceFailure(kind: kind, code: code, message: "a spot request was not fulfilled")
    }
}
