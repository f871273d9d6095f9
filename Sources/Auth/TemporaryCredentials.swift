import Cryptography
package import Domain
package import FoundationEssentials

/// The certificate of temporary credentials: what the issuer signed.
struct Certificate: Sendable {
    let scopes: [String]
    /// Milliseconds since 1970.
    let start: Int64
    let expiry: Int64
    let seed: String
    let signature: String
    /// The issuing client of named credentials.
    let issuer: String?

    /// No temporary credentials live longer, in milliseconds.
    static let longestLife: Int64 = 31 * 86_400_000
    /// How far clocks may differ, in milliseconds.
    static let skew: Int64 = 300_000

    /// Reads the form; what it says is checked elsewhere.
    init(_ value: JSONValue) throws(AuthenticationFailure) {
        func refuse(_ problem: String) -> AuthenticationFailure {
            AuthenticationFailure("ext.certificate.\(problem)")
        }
        var object = value.objectValue
        if let text = value.stringValue {
            object = (try? JSONValue(parsing: Data(text.utf8), maximumDepth: Ext.maximumDepth))?.objectValue
        }
        guard let object else { throw AuthenticationFailure("ext.certificate must be an object") }
        let known: Set = ["version", "scopes", "start", "expiry", "seed", "signature", "issuer", "clientId"]
        if let unknown = object.keys.sorted().first(where: { !known.contains($0) }) {
            throw refuse("\(unknown.prefix(40)) is not known")
        }
        guard object["version"]?.integerValue == 1 else { throw refuse("version must be 1") }
        guard let list = object["scopes"]?.arrayValue, list.allSatisfy({ $0.stringValue != nil }) else {
            throw refuse("scopes must be an array of strings")
        }
        scopes = list.compactMap(\.stringValue)
        guard scopes.allSatisfy(Scopes.isValid) else { throw refuse("scopes must be printable ASCII") }
        guard let start = object["start"]?.integerValue else { throw refuse("start must be a whole number") }
        guard let expiry = object["expiry"]?.integerValue else {
            throw refuse("expiry must be a whole number")
        }
        let range = -1_000_000_000_000_000...1_000_000_000_000_000
        guard range.contains(start), range.contains(expiry) else { throw refuse("start or expiry is absurd") }
        (self.start, self.expiry) = (Int64(start), Int64(expiry))
        guard let seed = object["seed"]?.stringValue, seed.utf8.count == 44 else {
            throw refuse("seed must be 44 characters")
        }
        self.seed = seed
        guard let signature = object["signature"]?.stringValue else {
            throw refuse("signature must be a string")
        }
        self.signature = signature
        if let issuer = object["issuer"], issuer.stringValue == nil {
            throw refuse("issuer must be a string")
        }
        issuer = object["issuer"]?.stringValue
        if object["clientId"] != nil, issuer == nil { throw refuse("clientId needs an issuer") }
    }

    func checkTimes(now: Date) throws(AuthenticationFailure) {
        let now = Int64(now.timeIntervalSince1970 * 1000)
        if start > now + Self.skew { throw AuthenticationFailure("ext.certificate.start is in the future") }
        if expiry < now - Self.skew { throw AuthenticationFailure("ext.certificate.expiry has passed") }
        if expiry - start > Self.longestLife {
            throw AuthenticationFailure("ext.certificate must not last longer than 31 days")
        }
    }

    /// The signature that the owner of a key makes for these fields.
    ///
    /// - Parameter clientId: the client that presents the certificate.
    func expectedSignature(clientId: String, key: String) throws(CryptographyError) -> String {
        try Self.signature(
            scopes: scopes, start: start, expiry: expiry, seed: seed, name: issuer.map { (clientId, $0) },
            key: key)
    }

    /// Throws when a scope satisfies some scope of the provisioner's API. The issuer of worker credentials never hands
    /// these on.
    func refuseProvisionerScopes() throws(AuthenticationFailure) {
        if let scope = scopes.first(where: Scopes.coversProvisioner) {
            throw AuthenticationFailure(
                "ext.certificate.scopes: credentials of the workers' issuer must not have \(scope)")
        }
    }

    /// What the issuer signs. - Parameter clientId: of named credentials.
    static func signature(
        scopes: [String], start: Int64, expiry: Int64, seed: String,
        name: (clientId: String, issuer: String)?,
        key: String
    ) throws(CryptographyError) -> String {
        var lines = ["version:1"]
        if let name { lines += ["clientId:\(name.clientId)", "issuer:\(name.issuer)"] }
        lines += ["seed:\(seed)", "start:\(start)", "expiry:\(expiry)", "scopes:"] + scopes
        let message = lines.joined(separator: "\n")
        return Data(try HMACSHA256.authenticationCode(for: message.utf8, key: key.utf8))
            .base64EncodedString()
    }

    /// The access token that belongs to a seed.
    static func accessToken(seed: String, key: String) throws(CryptographyError) -> String {
        Data(try HMACSHA256.authenticationCode(for: seed.utf8, key: key.utf8)).base64EncodedString()
            .reduce(into: "") { text, character in
                switch character {
                case "+": text.append("-")
                case "/": text.append("_")
                case "=": break
                default: text.append(character)
                }
            }
    }
}

/// Credentials that end by themselves, made from permanent ones.
package struct TemporaryCredentials: Sendable {
    package let clientId: String
    package let accessToken: String
    package let certificate: JSONValue

    /// - Parameters:
    ///   - name: the clientId of named credentials; nil for unnamed ones.
    ///   - seed: two slugids.
    package init(
        issuer: String, accessToken key: String, name: String? = nil, scopes: [String], start: Date,
        expiry: Date, seed: String
    ) throws {
        let (start, expiry) = (Self.milliseconds(start), Self.milliseconds(expiry))
        var certificate: JSONObject = [
            "version": 1, "scopes": .array(scopes.map(JSONValue.string)), "start": .integer(start),
            "expiry": .integer(expiry), "seed": .string(seed),
            "signature": .string(
                try Certificate.signature(
                    scopes: scopes, start: start, expiry: expiry, seed: seed,
                    name: name.map { ($0, issuer) }, key: key)),
        ]
        if name != nil { certificate["issuer"] = .string(issuer) }
        clientId = name ?? issuer
        accessToken = try Certificate.accessToken(seed: seed, key: key)
        self.certificate = .object(certificate)
    }

    private static func milliseconds(_ date: Date) -> Int64 {
        Int64((date.timeIntervalSince1970 * 1000).rounded())
    }
}
