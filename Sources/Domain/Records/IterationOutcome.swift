/// The outcome of an iteration.
package enum IterationOutcome: String, Codable, Sendable, CaseIterable {
    /// Every part worked.
    case success
    /// A service did not respond to some calls; the rest of the iteration went on.
    case partial
    /// Nothing could be done.
    case failed
}
