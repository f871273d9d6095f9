import Configuration
import Domain
import FoundationEssentials
import HTTPTransport
import Storage
import Taskcluster

/// The scopes that the issuer of worker credentials can hand on.
struct IssuerScopes: Sendable {
    let clientId: String
    private let scopes: Scopes
    private let provisionerId: String
    /// Whether the issuer is a Taskcluster client. One scope that it lacks makes its certificates invalid, because the
    /// API does not know its scopes and leaves none out.
    private let isRemote: Bool

    init(clientId: String, scopes: Scopes, provisionerId: String, isRemote: Bool) {
        self.clientId = clientId
        self.scopes = scopes
        self.provisionerId = provisionerId
        self.isRemote = isRemote
    }

    /// Reads the scopes of the issuer that the settings name from the auth service, else those of the issuer in the
    /// database. Nil when there is neither.
    init?(
        _ deployment: DeploymentContext, http: HTTPClient, clients: [ClientRecord]?
    ) async throws {
        let settings = deployment.settings
        if settings.taskclusterClientId == nil {
            guard let issuer = clients?.first(where: { $0.clientId == ClientStore.issuer }) else {
                return nil
            }
            self.init(
                clientId: issuer.clientId, scopes: Scopes(issuer.scopes),
                provisionerId: settings.provisionerId, isRemote: false)
            return
        }
        guard let credentials = try deployment.taskclusterCredentials(),
            let root = settings.taskclusterRootUrl
        else { return nil }
        self.init(
            clientId: credentials.clientId,
            scopes: try await AuthService(http: http, rootUrl: root).currentScopes(of: credentials),
            provisionerId: settings.provisionerId, isRemote: true)
    }

    /// The problem of one worker type: the scopes that its workers do not receive.
    struct Shortage: Sendable {
        let workerType: String
        let text: String
        /// Whether the workers receive no valid credentials.
        let isFatal: Bool
    }

    func shortage(of workerType: String, _ definition: WorkerTypeDefinition) -> Shortage? {
        let identity = Scopes.workerIdentity(provisionerId: provisionerId, workerType: workerType)
        let own = definition.scopesOfAllLayers
        let forbidden = own.filter(Scopes.coversProvisioner)
        let missing = scopes.missing(of: identity + own.filter { !Scopes.coversProvisioner($0) })
        if missing.isEmpty && forbidden.isEmpty { return nil }
        let isFatal = !missing.isEmpty && (isRemote || !scopes.missing(of: identity).isEmpty)
        var parts: [String] = []
        if !missing.isEmpty {
            parts.append("the issuer \(clientId) does not have \(missing.joined(separator: ", "))")
        }
        if !forbidden.isEmpty {
            parts.append("no issuer hands on \(forbidden.joined(separator: ", "))")
        }
        let result =
            isFatal ? "its workers receive no valid credentials" : "its workers do not receive these scopes"
        let remedy =
            missing.isEmpty
            ? "remove the scopes from the definition"
            : isRemote
                ? "grant the scopes to the client, or remove them from the definition"
                : "name the scopes in workerScopes and give them to the issuer, or remove them from the definition"
        return Shortage(
            workerType: workerType, text: "\(parts.joined(separator: "; ")): \(result). Remedy: \(remedy)",
            isFatal: isFatal)
    }
}
