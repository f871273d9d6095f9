import Cryptography
import Domain
import Formats
import FoundationEssentials

/// The certificate of temporary credentials, signed by their issuer.
struct Certificate: Sendable {
    let scopes: [String]
    /// Milliseconds since 1970.
    let start: Int64
    let expiry: Int64
    let seed: String
    let signature: String
    /// The client that issued named credentials; nil for unnamed ones.
    let issuer: String?

    /// The maximum lifetime of temporary credentials in milliseconds.
    static let maxLifetime: Int64 = 31 * 86_400_000
    /// The maximum difference between clocks in milliseconds.
    static let skew: Int64 = 300_000

    /// Checks the types of the members. Other methods check their values.
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
            throw refuse("\(unknown.prefix(40)) is not a known member")
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
        guard range.contains(start), range.contains(expiry) else {
            throw refuse("start or expiry is out of range")
        }
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
        if expiry - start > Self.maxLifetime {
            throw AuthenticationFailure("ext.certificate must not last longer than 31 days")
        }
    }

    /// The signature of the fields with a key.
    ///
    /// - Parameter clientId: the client that presents the certificate.
    func expectedSignature(clientId: String, key: String) throws(CryptographyError) -> String {
        try Self.signature(
            scopes: scopes, start: start, expiry: expiry, seed: seed, name: issuer.map { (clientId, $0) },
            key: key)
    }

    /// Throws when a scope covers any scope of the provisioner's API: the issuer of worker credentials never delegates
    /// these.
    func refuseProvisionerScopes() throws(AuthenticationFailure) {
        if let scope = scopes.first(where: Scopes.coversProvisioner) {
            throw AuthenticationFailure(
                "ext.certificate.scopes: credentials of the workers' issuer must not have \(scope)")
        }
    }

    /// Computes the issuer's signature.
    ///
    /// - Parameter name: the clientId and the issuer of named credentials; nil for unnamed ones.
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
