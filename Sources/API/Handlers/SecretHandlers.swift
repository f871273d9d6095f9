import Auth
import CGI
import Domain
import FoundationEssentials
import Storage

/// Secrets and the workers that fetch them.
enum SecretHandlers {
    /// How long a worker's credentials last. Seconds.
    private static let life: TimeInterval = 96 * 3600
    /// How far a worker's clock may be behind. Seconds.
    private static let leeway: TimeInterval = 300

    static func create(_ call: Call) throws -> CGIResponse {
        let document: SecretDocument
        do {
            document = try SecretDocument(validating: call.body)
        } catch {
            throw APIError(error)
        }
        guard document.token == call["token"] else {
            throw APIError(.inputError, "token: is another one than in the path")
        }
        let creation = try call.service.database().secrets.create(
            token: document.token, workerType: document.workerType,
            content: SecretContent(secrets: document.secrets, scopes: document.scopes),
            expires: document.expiration)
        switch creation {
        case .created, .same: return try Call.json(["outcome": "success"])
        case .conflict:
            throw APIError(.requestConflict, "There is another secret for this token already")
        case .tooMany:
            throw APIError(
                .requestConflict,
                "There are \(SecretStore.most) secrets of clients: remove one, or wait until one expires")
        }
    }

    static func get(_ call: Call) throws -> CGIResponse {
        let service = call.service
        let database = try service.database()
        // Found first: a secret that is taken without credentials to go with it would be lost.
        let issuer = try issuer(service, database)
        guard let (workerType, content) = try database.secrets.take(token: call["token"], now: service.now)
        else {
            throw APIError(.resourceNotFound, "There is no secret for this token, or it was fetched before")
        }
        let id = service.ownership.provisionerId
        let credentials = try TemporaryCredentials(
            issuer: issuer.clientId, accessToken: issuer.accessToken,
            scopes: ["assume:worker-type:\(id)/\(workerType)", "assume:worker-id:*"] + content.scopes,
            start: service.now.addingTimeInterval(-leeway), expiry: service.now.addingTimeInterval(life),
            seed: try SlugID.pair(random: service.random))
        let certificate = try credentials.certificate.serialized()
        return try Call.json([
            "data": .object(content.secrets), "scopes": .array(content.scopes.map(JSONValue.string)),
            "credentials": [
                "clientId": .string(credentials.clientId), "accessToken": .string(credentials.accessToken),
                "certificate": .string(String(decoding: certificate, as: UTF8.self)),
            ],
        ])
    }

    static func instanceStarted(_ call: Call) throws -> CGIResponse {
        let checkIn = try call.service.database().secrets.recordInstanceStarted(
            token: call["token"], instanceId: call["instanceId"], now: call.service.now)
        switch checkIn {
        case .recorded: return Call.noContent
        case .otherInstance:
            throw APIError(.insufficientScopes, "This token belongs to another instance")
        case .unknown:
            throw APIError(.resourceNotFound, "There is no secret for this token")
        }
    }

    static func remove(_ call: Call) throws -> CGIResponse {
        try call.service.database().secrets.remove(token: call["token"])
        return Call.noContent
    }

    private static func issuer(
        _ service: Service, _ database: ProvisionerDatabase
    ) throws -> (clientId: String, accessToken: String) {
        if let issuer = service.issuer { return issuer }
        guard let (client, accessToken) = try database.clients.get(ClientStore.issuer) else {
            throw MissingIssuer()
        }
        return (client.clientId, accessToken)
    }
}

/// The database has no issuer of worker credentials, and the settings name none.
struct MissingIssuer: Error, CustomStringConvertible {
    let description =
        "no issuer of worker credentials: `aws-provisioner init` makes one, or TASKCLUSTER_CLIENT_ID names one"
}
