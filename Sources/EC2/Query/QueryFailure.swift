import Domain
import FoundationEssentials
import HTTPTransport

extension QueryService {
    /// The failure that an error answer tells.
    ///
    /// - Parameter market: that a launch was in.
    func failure(_ response: HTTPResponse, market: Market?) -> ServiceFailure {
        var code = ""
        var message = ""
        let reader = try? XMLRecords(path: errorPath, names: ["Code", "Message"]) { record in
            code = record.text("Code") ?? ""
            message = record.text("Message") ?? ""
        }
        do { try reader?.read(response.body) } catch { code = "" }
        if code.isEmpty {
            let kind: ServiceFailure.Kind =
                switch response.status {
                case 429, 500...: .throttled
                case 401, 403: .unauthorized
                default: .unreachable
                }
            return ServiceFailure(
                kind: kind, code: "http-\(response.status)", message: "HTTP status \(response.status)")
        }
        let kind =
            market.map { ErrorTable.kind(of: code, status: response.status, launching: $0) }
            ?? ErrorTable.kind(of: code, status: response.status)
        // An encoded reason is worth nothing when it is cut.
        let limit = message.contains(ServiceFailure.encodedReason) ? 8000 : 500
        return ServiceFailure(kind: kind, code: code, message: String(message.prefix(limit)))
    }
}

extension ServiceFailure {
    /// Whether the same call may work when it is made again, and what stands in its way now.
    func trouble(_ response: HTTPResponse?, now: Date) -> CallTrouble? {
        let wish = response?.retryAfter(now: now)
        switch kind {
        case .throttled where Self.isThrottle(code) || response?.status == 429:
            return .throttled(retryAfter: wish)
        case .throttled, .unreachable: return .transient(retryAfter: wish)
        default: return Self.passing.contains(code) ? .transient(retryAfter: wish) : nil
        }
    }

    /// Whether the credentials that a call was signed with have run out. EC2 says it in words of its own.
    var isExpiry: Bool { ["ExpiredToken", "ExpiredTokenException", "RequestExpired"].contains(code) }

    /// Codes that say that calls come too fast; the others of their kind say that the service is ill.
    ///
    /// Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
    private static func isThrottle(_ code: String) -> Bool {
        code.contains("Throttl") || code == "RequestLimitExceeded" || code == "TooManyRequestsException"
            || code == "SlowDown" || code == "BandwidthLimitExceeded"
    }

    /// Codes of STS: the identity provider did not answer it.
    private static let passing: Set<String> = ["IDPCommunicationError"]
}
