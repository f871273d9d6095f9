package import FoundationEssentials

/// The times that records are kept. Seconds.
package enum Retention {
    package static let iterations: TimeInterval = 30 * 86_400
    /// Launches after their end. Rates of interruptions count as far back.
    package static let launches: TimeInterval = 30 * 86_400
    package static let terminations: TimeInterval = 30 * 86_400
    package static let interruptions: TimeInterval = 30 * 86_400
    package static let notices: TimeInterval = 7 * 86_400
    package static let notifications: TimeInterval = 30 * 86_400
    /// The quotas of regions that are managed no more.
    package static let quotas: TimeInterval = 7 * 86_400
    /// The prices and capacities of plots.
    package static let history: TimeInterval = 30 * 86_400
    package static let namesOfWorkerTypes: TimeInterval = 365 * 86_400
    /// The default of the setting `auditRetention`.
    package static let changes: TimeInterval = 365 * 86_400
}
