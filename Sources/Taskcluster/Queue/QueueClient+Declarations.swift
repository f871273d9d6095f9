package import Domain
import Formats
package import FoundationEssentials
import HTTPTransport

extension QueueClient: DeclarationService {
    /// Seconds that one declaration may take.
    private static let declarationTimeout: TimeInterval = 10

    package func declare(
        _ declaration: QueueDeclaration, provisionerId: String, expires: Date
    ) async throws {
        let body = try JSONValue.object([
            "description": .string(declaration.description), "expires": .string(expires.timestamp),
            "stability": .string(QueueDeclaration.stability),
        ]).serialized()
        var url = "\(base)/provisioners/\(PercentEncoding.encode(provisionerId))"
        var action = "declareProvisioner"
        if case .workerType(let name) = declaration.subject {
            url += "/worker-types/\(PercentEncoding.encode(name))"
            action = "declareWorkerType"
        }
        let (target, type) = (url, "application/json")
        try await caller.call(OutgoingCall(service: "queue", action: action)) {
            await exchange(
                {
                    let bytes = Array(body)
                    let signature = try headers(
                        method: "PUT", url: target,
                        hash: try HawkRequest.payloadHash(contentType: type, body: bytes))
                    return HTTPRequest(
                        .put, target, headers: signature + [("Content-Type", type)], body: bytes,
                        timeout: Self.declarationTimeout, maxResponseBytes: 1 << 20)
                },
                repeats: false
            ) { response in (200..<300).contains(response.status) ? () : nil }
        }
    }
}
