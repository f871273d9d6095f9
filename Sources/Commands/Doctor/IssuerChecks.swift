import Configuration
import Domain
import HTTPTransport
import Platform
import Storage

/// Compares the scopes of worker types with the scopes of the issuer of worker credentials.
struct IssuerChecks: Sendable {
    let deployment: DeploymentContext
    let http: HTTPClient

    private static let subject = "worker scopes"
    /// Worker types that get a line each.
    private static let limit = 20

    func findings(_ database: ProvisionerDatabase?) async -> [Finding] {
        guard let types = try? database?.workerTypes.withoutSecrets().types else { return [] }
        let issuer: IssuerScopes
        do {
            let clients = try database?.clients.list()
            guard let found = try await IssuerScopes(deployment, http: http, clients: clients) else {
                return []
            }
            issuer = found
        } catch {
            return [
                .note(Self.subject, "the scopes of the issuer of worker credentials are unknown: \(error)")
            ]
        }
        let shortages = types.compactMap { issuer.shortage(of: $0.type.name, $0.type.definition) }
        if shortages.isEmpty {
            return [
                .ok(
                    Self.subject,
                    "the issuer \(issuer.clientId) has the scopes of all \(types.count) worker types")
            ]
        }
        var findings = shortages.prefix(Self.limit).map { shortage in
            let subject = "scopes of \(shortage.workerType)"
            return shortage.isFatal
                ? Finding.failed(subject, shortage.text, .configuration)
                : .note(subject, shortage.text)
        }
        if shortages.count > Self.limit {
            findings.append(
                .note(
                    Self.subject,
                    "\(shortages.count - Self.limit) more worker types need scopes that the issuer does not have"
                ))
        }
        return findings
    }
}
