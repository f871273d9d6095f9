import API
import CGI
import Cryptography
import Domain
import Formats
import Foundation
import Storage
import Synchronization
import Taskcluster
import TestSupport
import Testing

/// The API's router on a database of its own, and clients that sign requests.
struct APIFixture {
    static let token = "AAAAAAAAQAKAAAAAAAAAAA"

    let folder: TemporaryFolder
    let database: ProvisionerDatabase
    /// The lines that the router logged.
    let logged = LoggedLines()

    final class LoggedLines: Sendable {
        let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
    }

    /// - Parameter busyTimeout: seconds that a request waits for another writer.
    init(
        issuerScopes: [String] = ["assume:worker-type:p/*", "assume:worker-id:*", "a:*"],
        busyTimeout: TimeInterval = 5
    ) throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true, busyTimeout: busyTimeout)
        try add(ClientStore.issuer, issuerScopes)
    }

    /// Adds a client whose access token is its id.
    func add(_ id: String, _ scopes: [String], expires: Date? = nil) throws {
        let client = ClientRecord(
            clientId: id, scopes: scopes, expires: expires, description: "", createdAt: .start)
        #expect(try database.clients.add(client, accessToken: id, by: .program))
    }

    /// Stores a launch of one instance.
    func storeLaunch(
        _ id: String = "launch", workerType: String = "alpha", token: String, pool: Pool? = nil,
        state: Launch.State = .stored, instanceId: String? = nil, spotRequestId: String? = nil,
        definitionModified: Date = .start
    ) throws {
        let pool =
            pool ?? Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        var launch = Launch(
            id: id, workerType: workerType, definitionModified: definitionModified, iteration: 1, pool: pool,
            capacity: 1, market: .spot, mode: .runInstances, spotPrice: .zero, effectivePrice: .zero,
            bidPrice: .zero, createdAt: .start, secretExpires: Date.start.plus(minutes: 40))
        let request = LaunchRequest(
            clientToken: id, pool: pool, market: .spot, mode: .runInstances, bidPrice: .zero,
            launchSpecification: [:], userData: "{}", tags: [:], validUntil: .start)
        try database.launches.store(
            launch, request: request, securityToken: token,
            secret: SecretContent(secrets: [:], scopes: []))
        (launch.state, launch.instanceId, launch.spotRequestId) = (state, instanceId, spotRequestId)
        try database.launches.update([launch])
    }

    func setScopes(_ id: String, _ scopes: [String], expires: Date? = nil) throws {
        let client = ClientRecord(
            clientId: id, scopes: scopes, expires: expires, description: "", createdAt: .start)
        #expect(try database.clients.update(client, by: .program, now: .start))
    }

    func router(
        now: Date = .start, requirePayloadHash: Bool = false,
        issuer: (clientId: String, accessToken: String)? = nil,
        delegate: (@Sendable (CGIRequest) async throws -> Caller)? = nil
    ) -> Router {
        let (database, logged) = (database, logged)
        let service = APIDependencies(
            database: { database }, ownership: Ownership(provisionerId: "p", keyPrefix: "p:"),
            baseUrl: "https://p", rootUrl: "https://tc", keyName: { nil }, interval: 60, issuer: issuer,
            requirePayloadHash: requirePayloadHash, launchProblems: nil, delegate: delegate, now: now,
            random: { try SecureRandom.bytes($0) })
        return Router(service) { line in logged.lines.withLock { $0.append(line) } }
    }

    /// The credentials of a client whose access token is its id, or temporary ones.
    struct Credentials {
        var id: String
        var key: String
        var certificate: JSONValue?
        var authorizedScopes: [String]?

        init(
            _ id: String, key: String? = nil, certificate: JSONValue? = nil, authorizedScopes: [String]? = nil
        ) {
            self.id = id
            self.key = key ?? id
            self.certificate = certificate
            self.authorizedScopes = authorizedScopes
        }

        /// The credentials in an answer of getSecret.
        init(worker answer: JSONObject) throws {
            let credentials = try #require(answer["credentials"]?.objectValue)
            let certificate = try #require(credentials["certificate"]?.stringValue)
            self.init(
                try #require(credentials["clientId"]?.stringValue),
                key: try #require(credentials["accessToken"]?.stringValue),
                certificate: try JSONValue(parsing: Data(certificate.utf8)))
        }

        var certificateScopes: [String] {
            certificate?.objectValue?["scopes"]?.arrayValue?.compactMap(\.stringValue) ?? []
        }
    }

    /// A request as the web server hands it over.
    func request(
        _ method: String, _ path: String, _ body: JSONValue? = nil, as credentials: Credentials? = nil,
        nonce: String = UUID().uuidString, at: Date = .start, hash: Bool = false
    ) throws -> (request: CGIRequest, body: [UInt8]) {
        let bytes = try body.map { Array(try $0.serialized()) } ?? []
        var environment = [
            "REQUEST_METHOD": method, "PATH_INFO": "/v1" + path.prefix { $0 != "?" },
            "QUERY_STRING": String(path.drop { $0 != "?" }.dropFirst()), "REQUEST_URI": "/v1" + path,
            "HTTP_HOST": "provisioner.test", "CONTENT_LENGTH": "\(bytes.count)",
        ]
        if body != nil { environment["CONTENT_TYPE"] = "application/json" }
        if let credentials {
            var members: JSONObject = [:]
            members["certificate"] = credentials.certificate
            members["authorizedScopes"] = credentials.authorizedScopes.map {
                .array($0.map(JSONValue.string))
            }
            let ext = members.isEmpty ? "" : try JSONValue.object(members).serialized().base64EncodedString()
            let digest = hash ? try HawkRequest.payloadHash(contentType: "application/json", body: bytes) : ""
            let timestamp = Int(at.timeIntervalSince1970)
            let mac = try HawkRequest(
                method: method, resource: "/v1" + path, host: "provisioner.test", port: 80
            )
            .mac(key: credentials.key, timestamp: timestamp, nonce: nonce, hash: digest, ext: ext)
            environment["HTTP_AUTHORIZATION"] =
                "Hawk id=\"\(credentials.id)\", ts=\"\(timestamp)\", nonce=\"\(nonce)\", mac=\"\(mac)\""
                + (ext.isEmpty ? "" : ", ext=\"\(ext)\"") + (hash ? ", hash=\"\(digest)\"" : "")
        }
        return (CGIRequest(environment: environment, trustProxy: false), bytes)
    }

    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, as credentials: Credentials? = nil,
        router: Router? = nil
    ) throws -> CGIResponse {
        let (request, bytes) = try request(method, path, body, as: credentials)
        return (router ?? self.router()).immediate(request, readBody: { Array(bytes.prefix($0)) })
    }

    static func secret(
        _ scopes: [String], token: String = APIFixture.token, workerType: String = "alpha"
    ) -> JSONValue {
        [
            "workerType": .string(workerType), "secrets": ["password": "planted"],
            "scopes": .array(scopes.map(JSONValue.string)), "token": .string(token),
            "expiration": .string(Date.start.plus(minutes: 60).timestamp),
        ]
    }
}

extension Router {
    /// The response to a request that needs no call to another service.
    func immediate(
        _ request: CGIRequest, readBody: @escaping @Sendable (Int) -> [UInt8]
    ) -> CGIResponse {
        guard case .immediate(let response) = respond(request, readBody: readBody) else {
            Issue.record("the answer needs a call to another service")
            return CGIResponse(status: 0)
        }
        return response
    }
}

extension CGIResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONObject { (try? JSONValue(parsing: body))?.objectValue ?? [:] }
}
