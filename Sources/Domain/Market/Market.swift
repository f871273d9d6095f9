/// The market of an instance.
package enum Market: String, Codable, Sendable {
    case spot
    case onDemand = "on-demand"
}
