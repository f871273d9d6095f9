/// How an instance is paid for.
package enum Market: String, Codable, Sendable {
    case spot
    case onDemand = "on-demand"
}

/// Which EC2 action asks for spot capacity.
package enum RequestMode: String, Codable, Sendable, CaseIterable {
    /// RunInstances with spot market options: an answer at once, or an error at once.
    case runInstances = "run-instances"
    /// RequestSpotInstances: an open request that EC2 may fulfil until it ends.
    case requestSpotInstances = "request-spot-instances"
}
