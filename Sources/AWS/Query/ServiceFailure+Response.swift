package import Domain
import Formats
package import FoundationEssentials
package import HTTPTransport

extension QueryService {
    /// The failure in an error response.
    ///
    /// - Parameter market: the market of a launch; nil for other actions.
    package func failure(_ response: HTTPResponse, market: Market?) -> ServiceFailure {
        let (code, message) = target == nil ? xmlError(in: response.body) : jsonError(in: response.body)
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
        let kind = EC2Codes.kind(
            ofResponse: code, status: response.status, message: message, launching: market)
        // An encoded authorization message cannot be decoded when it is truncated.
        let limit = message.contains(ServiceFailure.encodedReason) ? 8000 : 500
        return ServiceFailure(kind: kind, code: code, message: String(message.prefix(limit)))
    }

    /// The code and the message of an error response; an empty code for another document.
    private func xmlError(in body: [UInt8]) -> (code: String, message: String) {
        var code = ""
        var message = ""
        let reader = try? XMLRecordParser(path: errorPath, names: ["Code", "Message"]) { record in
            code = record.text("Code") ?? ""
            message = record.text("Message") ?? ""
        }
        do { try reader?.read(body) } catch { code = "" }
        return (code, message)
    }

    /// The type may contain the name of its model: `com.amazonaws.ssm#InternalServerError`.
    private func jsonError(in body: [UInt8]) -> (code: String, message: String) {
        let error = (try? JSONValue(parsing: body))?.objectValue ?? [:]
        let type = error["__type"]?.stringValue ?? ""
        return (
            type.split(separator: "#").last.map(String.init) ?? "",
            (error["message"] ?? error["Message"])?.stringValue ?? ""
        )
    }
}

extension ServiceFailure {
    /// The reason to repeat the call; nil when it would fail again.
    package func retryReason(_ response: HTTPResponse?, now: Date) -> RetryReason? {
        let retryAfter = response?.retryAfter(now: now)
        switch kind {
        case .throttled where EC2Codes.isThrottle(code) || response?.status == 429:
            return .throttled(retryAfter: retryAfter)
        case .throttled, .unreachable: return .transient(retryAfter: retryAfter)
        default: return EC2Codes.isTransient(code) ? .transient(retryAfter: retryAfter) : nil
        }
    }
}
