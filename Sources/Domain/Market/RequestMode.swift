/// The EC2 action that requests spot capacity.
package enum RequestMode: String, Codable, Sendable, CaseIterable {
    /// RunInstances with spot market options: an instance or an error at once.
    case runInstances = "run-instances"
    /// RequestSpotInstances: an open request that EC2 can fulfil until it expires.
    case requestSpotInstances = "request-spot-instances"
}
