import CGI
import Formats
import Storage
import Taskcluster

/// A request that was routed, authenticated, and read.
struct RequestContext: Sendable {
    let service: APIDependencies
    let parameters: [String: String]
    let body: JSONValue
    let bytes: [UInt8]
    let caller: Caller
    /// Takes what only the operator may know.
    let log: @Sendable (String) -> Void

    /// The author of the changes that this request makes.
    var author: Author { Author(caller.clientId ?? "anonymous", by: "api") }

    /// Throws when the caller's own scopes do not satisfy scopes that it hands on.
    func requireScopes(_ scopes: [String]) throws {
        let missing = caller.scopes.missing(of: scopes)
        if !missing.isEmpty { throw APIError.insufficientScopes(caller, missing: missing) }
    }

    /// A parameter of the path. The router has checked that it is there.
    subscript(parameter: String) -> String { parameters[parameter] ?? "" }

    static func json(_ value: JSONValue) throws -> CGIResponse {
        CGIResponse(
            status: 200, headers: [("Content-Type", "application/json; charset=utf-8")],
            body: Array(try value.serialized()))
    }

    static let noContent = CGIResponse(status: 204)
}
