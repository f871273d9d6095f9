/// The outcome of an iteration.
package enum IterationOutcome: String, Codable, Sendable, CaseIterable {
    /// Every part worked.
    case success
    /// Every call worked. A worker type with pending tasks launches nothing, because EC2 refuses it or its workers do not
    /// start.
    case degraded
    /// A service did not respond to some calls; the rest of the iteration went on.
    case partial
    /// Nothing could be done.
    case failed
}
