import Cryptography
import Domain
import Formats
package import FoundationEssentials

/// Authenticates requests by Hawk against the clients of the database.
///
/// The work and the message are the same for an unknown client, a wrong access token and a forged certificate, so that
/// a caller cannot find out which clients exist.
package struct LocalAuthenticator {
    /// The maximum difference between a signed time and the clock, in seconds.
    package static let skew = 900

    /// The key for an unknown client. A MAC with this key is refused as well.
    private static let placeholderKey = "the key of a client that does not exist!"

    private let now: Date
    private let workerIssuers: Set<String>
    private let client: (String) throws -> HawkClient?
    private let origin: (_ seed: String) throws -> CredentialsOrigin?
    private let isFirstUse: (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool
    private let onMAC: () -> Void

    /// - Parameters:
    ///   - workerIssuers: clients whose certificates never carry scopes of the provisioner's API.
    ///   - client: finds a client by its id.
    ///   - origin: finds the client that created the secret of worker credentials, by the certificate's seed.
    ///   - isFirstUse: records a nonce, and returns whether it is new. Called only for mutating requests.
    ///   - onMAC: called for each MAC that is computed.
    package init(
        now: Date, workerIssuers: Set<String>, client: @escaping (String) throws -> HawkClient?,
        origin: @escaping (_ seed: String) throws -> CredentialsOrigin?,
        isFirstUse: @escaping (_ clientId: String, _ timestamp: Int, _ nonce: String) throws -> Bool,
        onMAC: @escaping () -> Void = {}
    ) {
        self.now = now
        self.workerIssuers = workerIssuers
        self.client = client
        self.origin = origin
        self.isFirstUse = isFirstUse
        self.onMAC = onMAC
    }

    /// - Parameters:
    ///   - request: the request with its resource exactly as received.
    ///   - authorization: the Authorization header, if there is one.
    package func caller(of request: HawkRequest, authorization: String?) throws -> Caller {
        switch (authorization, try Bewit.find(in: request.resource)) {
        case (nil, nil): return .anonymous
        case (.some, .some): throw AuthenticationFailure.multiple
        case (let text?, nil): return try byHeader(request, HawkHeader(text))
        case (nil, let found?):
            return try byBewit(request, Bewit(found.text), resource: found.resource)
        }
    }

    private func byHeader(_ request: HawkRequest, _ header: HawkHeader) throws -> Caller {
        let identity = try identify(HawkSignature(request, header))
        let seconds = Int(now.timeIntervalSince1970)
        guard abs(seconds - header.timestamp) <= Self.skew else {
            let tsm = try mac("hawk.1.ts\n\(seconds)\n", key: identity.key)
            throw AuthenticationFailure(
                "stale timestamp",
                challenge: "Hawk ts=\"\(seconds)\", tsm=\"\(tsm)\", error=\"Stale timestamp\"")
        }
        if request.isMutating, !(try isFirstUse(header.id, header.timestamp, header.nonce)) {
            throw AuthenticationFailure.replayed
        }
        return Caller(
            clientId: header.id, permanentClientId: identity.client.clientId, scopes: identity.scopes,
            hash: header.hash)
    }

    private func byBewit(_ request: HawkRequest, _ bewit: Bewit, resource: String) throws -> Caller {
        guard !request.isMutating else { throw AuthenticationFailure.mutatingBewit }
        let identity = try identify(HawkSignature(request, bewit, resource: resource))
        guard Double(bewit.expiry) > now.timeIntervalSince1970 else {
            throw AuthenticationFailure("the bewit has expired")
        }
        return Caller(
            clientId: bewit.id, permanentClientId: identity.client.clientId, scopes: identity.scopes,
            hash: nil)
    }

    /// The credentials that a signature proves.
    private struct Identity {
        /// The access token.
        let key: String
        var scopes: [String]
        /// The client of the database that the credentials belong to, or were issued by.
        let client: HawkClient
    }

    /// Verifies the MAC over the raw text with the client's own access token. `ext` is parsed after that: it restricts
    /// the scopes, or it has the certificate that leads to the key of temporary credentials.
    private func identify(_ signature: HawkSignature) throws -> Identity {
        let own = try client(signature.id)
        let isOwn = try verify(signature, key: own?.accessToken ?? Self.placeholderKey)
        let ext = try Ext(signature.ext)
        var identity: Identity
        if isOwn, let own {
            guard ext.certificate == nil else {
                throw AuthenticationFailure(
                    "ext.certificate does not belong to the access token that signed the request")
            }
            try requireCurrent(own)
            identity = Identity(key: own.accessToken, scopes: own.scopes, client: own)
        } else if let certificate = ext.certificate {
            let issuer = if let id = certificate.issuer { try client(id) } else { own }
            identity = try temporary(signature, certificate, issuer: issuer)
        } else {
            throw AuthenticationFailure.unauthenticated
        }
        if let scopes = ext.authorizedScopes {
            guard Scopes(identity.scopes).missing(of: scopes).isEmpty else {
                throw AuthenticationFailure("ext.authorizedScopes exceeds the client's scopes")
            }
            identity.scopes = scopes
        }
        return identity
    }

    /// - Parameter issuer: the client that the certificate names; nil when it does not exist.
    private func temporary(
        _ signature: HawkSignature, _ certificate: Certificate, issuer: HawkClient?
    ) throws -> Identity {
        // These checks depend on the certificate only, and reveal nothing about clients.
        try certificate.checkTimes(now: now)
        if certificate.issuer == signature.id {
            throw AuthenticationFailure("ext.certificate.issuer must not be the client itself")
        }
        let issuerKey = issuer?.accessToken ?? Self.placeholderKey
        onMAC()
        let expected = try certificate.expectedSignature(clientId: signature.id, key: issuerKey)
        let isSigned = try constantTimeEqual(Array(expected.utf8), Array(certificate.signature.utf8))
        onMAC()
        let key = try Certificate.accessToken(seed: certificate.seed, key: issuerKey)
        let isVerified = try verify(signature, key: key)
        guard isSigned, isVerified, let issuer else { throw AuthenticationFailure.unauthenticated }
        try requireCurrent(issuer)
        try check(certificate, of: signature.id, issuer: issuer)
        return Identity(key: key, scopes: certificate.scopes, client: issuer)
    }

    /// Checks that the issuer still has the scopes of a certificate.
    private func check(_ certificate: Certificate, of clientId: String, issuer: HawkClient) throws {
        let needed =
            certificate.scopes + (certificate.issuer == nil ? [] : ["auth:create-client:" + clientId])
        guard Scopes(issuer.scopes).missing(of: needed).isEmpty else {
            throw AuthenticationFailure("the issuer's scopes do not satisfy those of the certificate")
        }
        guard workerIssuers.contains(issuer.clientId) else { return }
        try certificate.refuseProvisionerScopes()
        guard let origin = try origin(certificate.seed) else { return }
        guard let id = origin.clientId, let creator = try client(id), !creator.isExpired(at: now),
            Scopes(creator.scopes + [Scopes.anonymous]).missing(of: origin.scopes).isEmpty
        else {
            throw AuthenticationFailure(
                "the client that created the secret of these credentials no longer has their scopes")
        }
    }

    private func requireCurrent(_ client: HawkClient) throws {
        if client.isExpired(at: now) { throw AuthenticationFailure("the client has expired") }
    }

    private func verify(_ signature: HawkSignature, key: String) throws -> Bool {
        onMAC()
        let expected = try signature.expectedMAC(key: key)
        return try constantTimeEqual(Array(expected.utf8), Array(signature.mac.utf8))
    }

    private func mac(_ text: String, key: String) throws -> String {
        onMAC()
        return Data(try HMACSHA256.authenticationCode(for: text.utf8, key: key.utf8)).base64EncodedString()
    }
}
