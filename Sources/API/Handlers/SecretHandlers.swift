import CGI
import Domain
import Formats
import FoundationEssentials
import Storage
import Taskcluster

/// The methods for secrets.
enum SecretHandlers {
    /// The lifetime of worker credentials. Seconds.
    private static let life: TimeInterval = 96 * 3600
    /// The tolerated delay of a worker's clock. Seconds.
    private static let leeway: TimeInterval = 300

    static func create(_ call: RequestContext) throws -> CGIResponse {
        let document: SecretDocument
        do {
            document = try SecretDocument(validating: call.body, now: call.service.now)
        } catch {
            throw APIError(error, title: "Not a valid secret:")
        }
        guard document.token == call["token"] else {
            throw APIError(.inputError, "token: differs from the token in the path")
        }
        try call.requireScopes(document.scopes)
        let creation = try call.service.database().secrets.create(
            token: document.token, workerType: document.workerType,
            content: SecretContent(secrets: document.secrets, scopes: document.scopes),
            expires: document.expiration, creator: call.caller.permanentClientId, by: call.author,
            now: call.service.now)
        switch creation {
        case .created, .same: return try RequestContext.json(["outcome": "success"])
        case .conflict:
            throw APIError(.requestConflict, "Another secret exists for this token")
        case .spent:
            throw APIError(
                .requestConflict,
                "The secret of this token was fetched or removed: create it under another token")
        case .tooMany:
            throw APIError(
                .requestConflict,
                "There are \(SecretStore.most) secrets of clients: remove one, or wait until one expires")
        }
    }

    static func get(_ call: RequestContext) throws -> CGIResponse {
        let service = call.service
        let secrets = try service.database().secrets
        // The issuer is checked before the secret is fetched, because a secret can be fetched once.
        let issuer = try CredentialsIssuer(service)
        guard let workerType = try secrets.workerType(token: call["token"], now: service.now) else {
            throw noSecret
        }
        let identity = Scopes.workerIdentity(
            provisionerId: service.ownership.provisionerId, workerType: workerType)
        try issuer.require(identity)
        let expiry = service.now.addingTimeInterval(life)
        let seed = try SlugID.pair(random: service.random)
        let taken = try secrets.take(
            token: call["token"], now: service.now, issuing: IssuedCertificate(seed: seed, expires: expiry),
            isEntitled: { isEntitled($0, to: $1, service) })
        guard let content = taken?.content else { throw noSecret }
        // A single scope that the issuer lacks makes the whole certificate invalid.
        let withheld = content.scopes.filter { !issuer.canHandOn($0) }
        if !withheld.isEmpty {
            call.log(
                "worker credentials of \(workerType) lack scopes that the issuer \(issuer.clientId) cannot pass on: "
                    + withheld.joined(separator: ", "))
        }
        let credentials = try TemporaryCredentials(
            issuer: issuer.clientId, accessToken: issuer.accessToken,
            scopes: identity + content.scopes.filter(issuer.canHandOn),
            start: service.now.addingTimeInterval(-leeway), expiry: expiry, seed: seed)
        let certificate = try credentials.certificate.serialized()
        var response = try RequestContext.json([
            "data": .object(content.secrets), "scopes": .array(content.scopes.map(JSONValue.string)),
            "credentials": [
                "clientId": .string(credentials.clientId), "accessToken": .string(credentials.accessToken),
                "certificate": .string(String(decoding: certificate, as: UTF8.self)),
            ],
        ])
        // The secret can be fetched once, so that a range of it cannot be requested again.
        response.headers.append(("Accept-Ranges", "none"))
        return response
    }

    private static var noSecret: APIError {
        APIError(.resourceNotFound, "There is no secret for this token, or it was fetched")
    }

    /// Whether the client that created a secret still has the scopes of the secret. With delegated authentication the
    /// clients are not in the database.
    private static func isEntitled(_ creator: ClientRecord?, to scopes: [String], _ service: APIDependencies)
        -> Bool
    {
        if service.delegate != nil { return true }
        guard let creator, creator.expires.map({ $0 > service.now }) ?? true else { return false }
        return Scopes(creator.scopes + [Scopes.anonymous]).missing(of: scopes).isEmpty
    }

    static func instanceStarted(_ call: RequestContext) throws -> CGIResponse {
        let checkIn = try call.service.database().secrets.recordInstanceStarted(
            token: call["token"], instanceId: call["instanceId"], now: call.service.now)
        switch checkIn {
        case .recorded: return RequestContext.noContent
        case .otherInstance:
            throw APIError(.insufficientScopes, "This token belongs to another instance")
        case .unknown:
            throw APIError(.resourceNotFound, "There is no secret for this token")
        }
    }

    static func remove(_ call: RequestContext) throws -> CGIResponse {
        try call.service.database().secrets.remove(
            token: call["token"], by: call.author, now: call.service.now)
        return RequestContext.noContent
    }
}
