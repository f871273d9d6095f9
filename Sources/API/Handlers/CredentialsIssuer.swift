import Domain
import Formats
import FoundationEssentials
import Storage
import Taskcluster

/// The client whose credentials worker credentials are made from.
struct CredentialsIssuer {
    let clientId: String
    let accessToken: String
    /// Nil when the database does not know the client.
    let scopes: Scopes?

    /// The issuer that the settings name, else the one of the database.
    init(_ service: APIDependencies) throws {
        if let issuer = service.issuer {
            (clientId, accessToken, scopes) = (issuer.clientId, issuer.accessToken, nil)
            return
        }
        guard let (client, token) = try service.database().clients.get(ClientStore.issuer) else {
            throw IssuerProblem(
                "no issuer of worker credentials: `aws-provisioner init` makes one, or TASKCLUSTER_CLIENT_ID names one"
            )
        }
        if let expires = client.expires, expires <= service.now {
            throw IssuerProblem("the issuer of worker credentials, \(client.clientId), has expired")
        }
        (clientId, accessToken, scopes) = (client.clientId, token, Scopes(client.scopes))
    }

    /// Throws when the issuer cannot hand on scopes without which worker credentials are useless.
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

/// Worker credentials cannot be made. The description is for the operator.
struct IssuerProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
