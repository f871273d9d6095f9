/// How an instance is paid for.
package enum Market: String, Codable, Sendable {
    case spot
    case onDemand = "on-demand"
}
