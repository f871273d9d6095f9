/// The market of an instance.
package enum Market: String, CaseIterable, Codable, Sendable {
    case spot
    case onDemand = "on-demand"
}
