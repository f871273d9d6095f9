import Domain
package import Formats
package import FoundationEssentials
package import HTTPTransport

/// Authenticates requests by the auth service, and checks its responses.
package struct DelegatedAuthenticator: Sendable {
    private let now: Date
    private let workerIssuers: Set<String>
    private let isFirstUse: @Sendable (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool
    private let send: @Sendable (JSONObject) async throws -> HTTPResponse

    /// - Parameters:
    ///   - workerIssuers: clients whose certificates never carry scopes of the provisioner's API.
    ///   - isFirstUse: records a nonce, and returns whether it is new. Called only for mutating requests.
    ///   - send: sends a JSON body to the auth service.
    package init(
        now: Date, workerIssuers: Set<String>,
        isFirstUse:
            @escaping @Sendable (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool,
        send: @escaping @Sendable (JSONObject) async throws -> HTTPResponse
    ) {
        self.now = now
        self.workerIssuers = workerIssuers
        self.isFirstUse = isFirstUse
        self.send = send
    }

    package init(
        http: HTTPClient, rootUrl: String, now: Date, workerIssuers: Set<String>,
        isFirstUse: @escaping @Sendable (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool
    ) {
        let url = ServiceRoot.url("auth", rootUrl: rootUrl) + "/authenticate-hawk"
        self.init(now: now, workerIssuers: workerIssuers, isFirstUse: isFirstUse) { body in
            try await http.send(
                HTTPRequest(
                    .post, url, headers: [("Content-Type", "application/json")],
                    body: Array(try JSONValue.object(body).serialized()), maxResponseBytes: 1 << 20))
        }
    }

    /// - Parameter sourceIp: the address of the client, if known.
    package func caller(
        of request: HawkRequest, authorization: String?, sourceIp: String?
    ) async throws -> Caller {
        let signature = try signature(of: request, authorization: authorization)
        let response = try await response(to: request, authorization: authorization, sourceIp: sourceIp)
        switch response["status"]?.stringValue {
        case "auth-success":
            guard let signature else {
                throw AuthenticationUnavailable("the auth service accepts a request without credentials")
            }
            return try accept(response, signature)
        case "auth-failed":
            let reason = response["message"]?.stringValue ?? "authentication failed"
            let line = reason.prefix { !$0.isNewline }.unicodeScalars.filter {
                (0x20...0x7e).contains($0.value)
            }
            throw AuthenticationFailure(String(String(line).prefix(300)))
        case "no-auth":
            return .anonymous
        default:
            throw AuthenticationUnavailable("the auth service's response has no known status")
        }
    }

    /// The signature of a request; nil when it has none.
    private func signature(of request: HawkRequest, authorization: String?) throws -> HawkSignature? {
        switch (authorization, try Bewit.find(in: request.resource)) {
        case (nil, nil): return nil
        case (.some, .some): throw AuthenticationFailure.multiple
        case (let text?, nil): return HawkSignature(request, try HawkHeader(text))
        case (nil, let found?):
            guard !request.isMutating else { throw AuthenticationFailure.mutatingBewit }
            return HawkSignature(request, try Bewit(found.text), resource: found.resource)
        }
    }

    private func response(
        to request: HawkRequest, authorization: String?, sourceIp: String?
    ) async throws -> JSONObject {
        var body: JSONObject = [
            "method": .string(request.method.lowercased()), "resource": .string(request.resource),
            "host": .string(request.host), "port": .integer(Int64(request.port)),
        ]
        if let authorization { body["authorization"] = .string(authorization) }
        if let sourceIp { body["sourceIp"] = .string(sourceIp) }
        let response: HTTPResponse
        do {
            response = try await send(body)
        } catch {
            throw AuthenticationUnavailable("the auth service: \(error)")
        }
        guard response.status == 200,
            let document = try? JSONValue(parsing: Data(response.body)).objectValue
        else { throw AuthenticationUnavailable("the auth service responded with status \(response.status)") }
        return document
    }

    private func accept(_ response: JSONObject, _ signature: HawkSignature) throws -> Caller {
        guard let clientId = response["clientId"]?.stringValue, ClientId.isValid(clientId) else {
            throw AuthenticationUnavailable("the auth service's response has no valid clientId")
        }
        guard let list = response["scopes"]?.arrayValue,
            list.allSatisfy({ $0.stringValue.map(Scopes.isValid) ?? false })
        else { throw AuthenticationUnavailable("the auth service's response has no valid scopes") }
        try checkExpiry(response["expires"] ?? .null)
        let hash = try hash(response["hash"] ?? .null, signature)
        let certificate = try Ext(signature.ext).certificate
        if let certificate, workerIssuers.contains(certificate.issuer ?? signature.id) {
            try certificate.refuseProvisionerScopes()
        }
        if signature.request.isMutating,
            !(try isFirstUse(clientId, signature.timestamp, signature.nonce))
        {
            throw AuthenticationFailure.replayed
        }
        return Caller(clientId: clientId, scopes: list.compactMap(\.stringValue), hash: hash)
    }

    private func checkExpiry(_ value: JSONValue) throws {
        if value == .null { return }
        guard let expires = value.stringValue.flatMap({ Date(timestamp: $0) }) else {
            throw AuthenticationUnavailable("the auth service's response has no valid time in expires")
        }
        if expires <= now { throw AuthenticationFailure("the credentials have expired") }
    }

    /// The hash that the body must have: that of the response, or else that of the signed header.
    private func hash(_ value: JSONValue, _ signature: HawkSignature) throws -> String? {
        if value == .null { return signature.hash }
        guard let hash = value.stringValue, signature.hash == nil || signature.hash == hash else {
            throw AuthenticationUnavailable("the auth service's response has another hash than the request")
        }
        return hash
    }
}
