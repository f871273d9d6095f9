package import CGI
import Domain
import Taskcluster

/// The router's answer to a request.
package enum Reply: Sendable {
    case immediate(CGIResponse)
    /// The answer needs a call to another service. Requests without such a call start no concurrency runtime.
    case deferred(@Sendable () async -> CGIResponse)

    /// The response, after the calls that it needs.
    package func response() async -> CGIResponse {
        switch self {
        case .immediate(let response): response
        case .deferred(let make): await make()
        }
    }
}

/// The answer of a route's handler.
enum HandlerResult: Sendable {
    case response(CGIResponse)
    /// The response of a public method that shows secrets to callers with a scope.
    case forCaller(@Sendable (Caller) throws -> CGIResponse)
    /// The definition is valid here. Its images and security groups are checked in EC2 first, where the deployment wants
    /// that; `respond` then stores it.
    case afterLaunchCheck(WorkerTypeDefinition, respond: @Sendable () throws -> CGIResponse)
}
