package import CGI
import Domain
import Taskcluster

/// The result of the router for a request.
package enum Reply: Sendable {
    case immediate(CGIResponse)
    /// The response needs a call to another service. Requests without such a call do not start the concurrency runtime.
    case deferred(@Sendable () async -> CGIResponse)

    /// Makes the calls, and returns the response.
    package func response() async -> CGIResponse {
        switch self {
        case .immediate(let response): response
        case .deferred(let make): await make()
        }
    }
}

/// The result of a route's handler.
enum HandlerResult: Sendable {
    case response(CGIResponse)
    /// The response of a public method, which contains secrets for callers with a scope.
    case forCaller(@Sendable (Caller) throws -> CGIResponse)
    /// The definition is valid. If the deployment checks launches, its images and security groups are looked up in EC2.
    /// Then `respond` stores it.
    case afterLaunchCheck(WorkerTypeDefinition, respond: @Sendable () throws -> CGIResponse)
}
