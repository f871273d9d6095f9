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
        let target = url
        try await caller.call(OutgoingCall(service: "queue", action: action)) {
            await put(target, Array(body))
        }
    }

    private func put(_ url: String, _ body: [UInt8]) async -> AttemptResult<Void, ServiceFailure> {
        do {
            let type = "application/json"
            let signature = try headers(
                method: "PUT", url: url,
                hash: try HawkRequest.payloadHash(contentType: type, body: body))
            let response = try await caller.http.send(
                HTTPRequest(
                    .put, url, headers: signature + [("Content-Type", type)], body: body,
                    timeout: Self.declarationTimeout, maxResponseBytes: 1 << 20))
            if (200..<300).contains(response.status) { return .success(()) }
            return .failure(Self.failure(response), retry: nil)
        } catch let error as TransportError {
            return .failure(
                ServiceFailure(kind: .unreachable, code: "unreachable", message: error.description),
                retry: nil)
        } catch {
            return .failure(
                ServiceFailure(kind: .unauthorized, code: "not-signed", message: "\(error)"), retry: nil)
        }
    }
}
