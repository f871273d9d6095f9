import AWS
package import Domain
import Formats

extension EC2Client {
    /// Launches one instance, or places one spot request. The client token makes it idempotent.
    package func launch(_ request: LaunchRequest, isRetried: Bool = true) async throws -> LaunchResponse {
        switch (request.market, request.mode) {
        case (.spot, .requestSpotInstances): try await requestSpotInstances(request, isRetried: isRetried)
        default: try await runInstances(request, isRetried: isRetried)
        }
    }

    private func runInstances(_ request: LaunchRequest, isRetried: Bool) async throws -> LaunchResponse {
        let response = try await call(
            .runInstances, LaunchParameters.runInstances(request), region: request.pool.region,
            market: request.market, isRetried: isRetried,
            records: Records(path: ["instancesSet", "item"], names: ["instanceId", "spotInstanceRequestId"]) {
                record in
                LaunchResponse(
                    instanceId: record.text("instanceId"), spotRequestId: record.text("spotInstanceRequestId")
                )
            })
        guard let launched = response.items.first, launched.instanceId != nil else {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage", message: "the response to the launch has no instance id")
        }
        return launched
    }

    private func requestSpotInstances(
        _ request: LaunchRequest, isRetried: Bool
    ) async throws -> LaunchResponse {
        let unknown = LaunchSpecification.unknownToSpotRequests(request.launchSpecification)
        if !unknown.isEmpty {
            throw ServiceFailure(
                kind: .definition, code: "not-in-spot-requests",
                message: "RequestSpotInstances has no \(unknown.joined(separator: ", "))")
        }
        let response = try await call(
            .requestSpotInstances, LaunchParameters.requestSpotInstances(request),
            region: request.pool.region,
            market: .spot, isRetried: isRetried,
            records: Records(
                path: ["spotInstanceRequestSet", "item"], names: ["spotInstanceRequestId", "instanceId"]
            ) { record in
                LaunchResponse(
                    instanceId: record.text("instanceId").flatMap { $0.isEmpty ? nil : $0 },
                    spotRequestId: record.text("spotInstanceRequestId"))
            })
        guard let placed = response.items.first, placed.spotRequestId != nil else {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage",
                message: "the response to the request has no spot request id")
        }
        return placed
    }
}
