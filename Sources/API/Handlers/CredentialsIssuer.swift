import Domain
import Formats
import FoundationEssentials
import Storage
import Taskcluster

/// The client that issues worker credentials.
struct CredentialsIssuer {
    let clientId: String
    let accessToken: String
    /// Nil for a client that is not in the database.
    let scopes: Scopes?

    /// Returns the issuer in the settings, else the issuer in the database.
    init(_ service: APIDependencies) throws {
        if let issuer = service.issuer {
            (clientId, accessToken, scopes) = (issuer.clientId, issuer.accessToken, nil)
            return
        }
        guard let (client, token) = try service.database().clients.get(ClientStore.issuer) else {
            throw IssuerProblem(
                "no issuer of worker credentials: run `aws-provisioner init`, or set TASKCLUSTER_CLIENT_ID"
            )
        }
        if let expires = client.expires, expires <= service.now {
            throw IssuerProblem("the issuer of worker credentials, \(client.clientId), has expired")
        }
        (clientId, accessToken, scopes) = (client.clientId, token, Scopes(client.scopes))
    }

    /// Throws if the issuer lacks scopes that every worker needs.
    func require(_ needed: [String]) throws {
        let missing = needed.filter { !canHandOn($0) }
        if !missing.isEmpty {
            throw IssuerProblem(
                "the issuer of worker credentials, \(clientId), lacks \(missing.joined(separator: ", "))")
        }
    }

    /// Whether a certificate of this issuer may carry a scope. Any other scope makes the whole certificate invalid.
    func canHandOn(_ scope: String) -> Bool {
        !Scopes.coversProvisioner(scope) && scopes?.satisfy(scope) ?? true
    }
}

/// Worker credentials cannot be issued. The description is for the operator.
struct IssuerProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
