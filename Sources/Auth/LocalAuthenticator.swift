import Cryptography
import Domain
public import FoundationEssentials

/// Authenticates requests by Hawk against clients that are known here.
public struct LocalAuthenticator {
    /// Seconds that a signed time may be off.
    public static let skew = 900

    private let now: Date
    private let client: (String) throws -> KnownClient?
    private let isFirstUse: (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool

    /// - Parameters:
    ///   - client: finds a client by its id.
    ///   - isFirstUse: whether a nonce is seen for the first time; asked only for requests that change something.
    public init(
        now: Date, client: @escaping (String) throws -> KnownClient?,
        isFirstUse: @escaping (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool
    ) {
        self.now = now
        self.client = client
        self.isFirstUse = isFirstUse
    }

    /// - Parameters:
    ///   - request: as it was signed: the resource exactly as requested.
    ///   - authorization: the Authorization header, if there is one.
    public func caller(of request: HawkRequest, authorization: String?) throws -> Caller {
        let bewit = Bewit.find(in: request.resource)
        switch (authorization, bewit) {
        case (nil, nil): return .anonymous
        case (.some, .some): throw AuthenticationFailure("multiple authentications: header and bewit")
        case (let text?, nil): return try byHeader(request, HawkHeader(text))
        case (nil, let found?):
            return try byBewit(request, Bewit(found.text), resource: found.resource)
        }
    }

    private func byHeader(_ request: HawkRequest, _ header: HawkHeader) throws -> Caller {
        let identity = try identify(header.id, ext: header.ext)
        let expected = try request.mac(
            key: identity.key, timestamp: header.timestamp, nonce: header.nonce, hash: header.hash ?? "",
            ext: header.ext ?? "")
        guard try constantTimeEqual(Array(expected.utf8), Array(header.mac.utf8)) else {
            throw AuthenticationFailure("bad mac")
        }
        let seconds = Int(now.timeIntervalSince1970)
        guard abs(seconds - header.timestamp) <= Self.skew else {
            let tsm = Data(
                try HMACSHA256.authenticationCode(
                    for: "hawk.1.ts\n\(seconds)\n".utf8, key: identity.key.utf8)
            ).base64EncodedString()
            throw AuthenticationFailure(
                "stale timestamp",
                challenge: "Hawk ts=\"\(seconds)\", tsm=\"\(tsm)\", error=\"Stale timestamp\"")
        }
        if !["GET", "HEAD", "OPTIONS"].contains(request.method.uppercased()),
            !(try isFirstUse(header.id, header.timestamp, header.nonce))
        {
            throw AuthenticationFailure("the request was seen before: replayed nonce")
        }
        return Caller(clientId: header.id, scopes: identity.scopes, hash: header.hash)
    }

    private func byBewit(_ request: HawkRequest, _ bewit: Bewit, resource: String) throws -> Caller {
        guard ["GET", "HEAD"].contains(request.method.uppercased()) else {
            throw AuthenticationFailure("a bewit is good for GET and HEAD only")
        }
        let identity = try identify(bewit.id, ext: bewit.ext.isEmpty ? nil : bewit.ext)
        let signed = HawkRequest(method: "GET", resource: resource, host: request.host, port: request.port)
        let expected = try signed.mac(
            .bewit, key: identity.key, timestamp: bewit.expiry, nonce: "", ext: bewit.ext)
        guard try constantTimeEqual(Array(expected.utf8), Array(bewit.mac.utf8)) else {
            throw AuthenticationFailure("bad mac")
        }
        guard Double(bewit.expiry) > now.timeIntervalSince1970 else {
            throw AuthenticationFailure("the bewit has expired")
        }
        return Caller(clientId: bewit.id, scopes: identity.scopes, hash: nil)
    }

    /// The key that the MAC has to be made with, and the scopes that come with it.
    private func identify(_ id: String, ext: String?) throws -> (key: String, scopes: [String]) {
        let ext = try ext.map(Self.readExt) ?? [:]
        var identity = try ext["certificate"].map { try temporary(id, Certificate($0)) } ?? permanent(id)
        if let authorized = ext["authorizedScopes"] {
            guard let list = authorized.arrayValue, list.allSatisfy({ $0.stringValue != nil }) else {
                throw AuthenticationFailure("ext.authorizedScopes must be an array of strings")
            }
            let scopes = list.compactMap(\.stringValue)
            guard scopes.allSatisfy(Scopes.isValid) else {
                throw AuthenticationFailure("ext.authorizedScopes must be printable ASCII")
            }
            guard Scopes(identity.scopes).missing(of: scopes).isEmpty else {
                throw AuthenticationFailure("ext.authorizedScopes oversteps the client's scopes")
            }
            identity.scopes = scopes
        }
        return identity
    }

    private func permanent(_ id: String) throws -> (key: String, scopes: [String]) {
        let client = try known(id)
        return (client.accessToken, client.scopes)
    }

    private func temporary(
        _ id: String, _ certificate: Certificate
    ) throws -> (key: String, scopes: [String]) {
        try certificate.checkTimes(now: now)
        if certificate.issuer == id {
            throw AuthenticationFailure("ext.certificate.issuer must not be the client itself")
        }
        let issuer = try known(certificate.issuer ?? id)
        let needed =
            certificate.scopes + (certificate.issuer == nil ? [] : ["auth:create-client:" + id])
        guard Scopes(issuer.scopes).missing(of: needed).isEmpty else {
            throw AuthenticationFailure("the issuer's scopes do not satisfy those of the certificate")
        }
        let expected = try Certificate.signature(
            scopes: certificate.scopes, start: certificate.start, expiry: certificate.expiry,
            seed: certificate.seed, name: certificate.issuer.map { (id, $0) }, key: issuer.accessToken)
        guard try constantTimeEqual(Array(expected.utf8), Array(certificate.signature.utf8)) else {
            throw AuthenticationFailure("ext.certificate.signature is not valid")
        }
        return (
            try Certificate.accessToken(seed: certificate.seed, key: issuer.accessToken), certificate.scopes
        )
    }

    private func known(_ id: String) throws -> KnownClient {
        guard let client = try client(id) else { throw AuthenticationFailure("no such clientId") }
        guard !client.isExpired(at: now) else { throw AuthenticationFailure("the client has expired") }
        return client
    }

    private static func readExt(_ text: String) throws -> JSONObject {
        guard let data = Data(base64Encoded: text), let object = try? JSONValue(parsing: data).objectValue
        else { throw AuthenticationFailure("ext is not the base64 of a JSON object") }
        return object
    }
}
