/// Why a request has no response. Never contains the request.
package enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// libcurl cannot be loaded or set up.
    case unavailable(String)
    /// The host has no address, or no server listens on its port.
    case unreachable(String)
    /// No complete response arrived in time, or the deadline is past.
    case timedOut
    /// The response is longer than the limit, in bytes.
    case tooLarge(limit: Int)
    /// The server's certificate is not valid.
    case untrusted(String)
    case cancelled
    /// The connection broke, or the response is not HTTP.
    case broken(String)

    package var description: String {
        switch self {
        case .unavailable(let reason): reason
        case .unreachable(let reason): "unreachable: \(reason)"
        case .timedOut: "no response in time"
        case .tooLarge(let limit): "the response is longer than \(limit) bytes"
        case .untrusted(let reason): "TLS: \(reason)"
        case .cancelled: "cancelled"
        case .broken(let reason): "the connection broke: \(reason)"
        }
    }
}
