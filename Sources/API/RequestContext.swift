import CGI
import Domain
import Formats
import Taskcluster

/// A routed and authenticated request with its parsed body.
struct RequestContext: Sendable {
    let service: APIDependencies
    let parameters: [String: String]
    let body: JSONValue
    let bytes: [UInt8]
    let caller: Caller
    /// Receives the details of errors, which only the operator may read.
    let log: @Sendable (String) -> Void

    /// The author of the changes of this request.
    var author: Author { Author(caller.clientId ?? "anonymous", by: "api") }

    /// Throws if the scopes of the caller do not satisfy scopes that it passes on.
    func requireScopes(_ scopes: [String]) throws {
        let missing = caller.scopes.missing(of: scopes)
        if !missing.isEmpty { throw APIError.insufficientScopes(caller, missing: missing) }
    }

    /// A parameter of the path. The router has checked that it exists.
    subscript(parameter: String) -> String { parameters[parameter] ?? "" }

    static func json(_ value: JSONValue) throws -> CGIResponse {
        CGIResponse(
            status: 200, headers: [("Content-Type", "application/json; charset=utf-8")],
            body: Array(try value.serialized()))
    }

    static let noContent = CGIResponse(status: 204)
}
