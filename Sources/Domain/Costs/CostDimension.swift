import Formats
package import FoundationEssentials

/// What the costs of a deployment are divided by.
package enum CostDimension: String, CaseIterable, Sendable {
    case workerType = "worker-type"
    /// The `owner` of the worker type's definition.
    case owner
    case pool
    case region
    /// Hours of UTC.
    case hour
    /// Days of UTC.
    case day

    /// The length of the slots of time. Seconds; nil for a dimension that is no time.
    package var slot: Double? {
        switch self {
        case .hour: 3600
        case .day: 86_400
        case .workerType, .owner, .pool, .region: nil
        }
    }

    /// The name of the hour or day of a time, such as `2026-11-28T13:00Z` or `2026-11-28`.
    package func label(of time: Date) -> String {
        self == .hour ? time.timestamp.prefix(13) + ":00Z" : String(time.timestamp.prefix(10))
    }
}
