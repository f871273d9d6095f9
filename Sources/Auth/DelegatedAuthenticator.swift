import Domain
import FoundationEssentials
public import HTTPTransport

/// Asks the auth service who signed a request.
public struct DelegatedAuthenticator: Sendable {
    private let http: HTTPClient
    private let url: String

    public init(http: HTTPClient, rootUrl: String) {
        self.http = http
        url = ServiceRoot.url("auth", rootUrl: rootUrl) + "/authenticate-hawk"
    }

    /// - Parameter sourceIp: where the request comes from, if that is known.
    public func caller(
        of request: HawkRequest, authorization: String?, sourceIp: String?
    ) async throws -> Caller {
        var question: JSONObject = [
            "method": .string(request.method.lowercased()), "resource": .string(request.resource),
            "host": .string(request.host), "port": .integer(Int64(request.port)),
        ]
        if let authorization { question["authorization"] = .string(authorization) }
        if let sourceIp { question["sourceIp"] = .string(sourceIp) }
        let response: HTTPResponse
        do {
            response = try await http.send(
                HTTPRequest(
                    .post, url, headers: [("Content-Type", "application/json")],
                    body: Array(try JSONValue.object(question).serialized()), answerLimit: 1 << 20))
        } catch {
            throw AuthenticationUnavailable("the auth service: \(error)")
        }
        guard response.status == 200,
            let answer = try? JSONValue(parsing: Data(response.body)).objectValue
        else { throw AuthenticationUnavailable("the auth service answered \(response.status)") }
        switch answer["status"]?.stringValue {
        case "auth-success":
            guard let clientId = answer["clientId"]?.stringValue,
                let scopes = answer["scopes"]?.arrayValue?.compactMap(\.stringValue)
            else { throw AuthenticationUnavailable("the auth service's answer lacks clientId or scopes") }
            return Caller(clientId: clientId, scopes: scopes, hash: answer["hash"]?.stringValue)
        case "auth-failed":
            let reason = answer["message"]?.stringValue ?? "authentication failed"
            throw AuthenticationFailure(String(reason.prefix { !$0.isNewline }.prefix(300)))
        case "no-auth":
            return .anonymous
        default:
            throw AuthenticationUnavailable("the auth service's answer has no known status")
        }
    }
}
