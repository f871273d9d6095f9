package import Formats
package import FoundationEssentials

/// Credentials with an expiry, derived from permanent ones.
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
