import Domain

extension Result where Success: Sendable, Failure == ServiceFailure {
    /// Calls a service and keeps the failure. An error of another type is an internal failure.
    init(of call: @Sendable () async throws -> Success) async {
        do {
            self = .success(try await call())
        } catch let failure as ServiceFailure {
            self = .failure(failure)
        } catch {
            self = .failure(ServiceFailure(kind: .unreachable, code: "internal", message: "\(error)"))
        }
    }
}
