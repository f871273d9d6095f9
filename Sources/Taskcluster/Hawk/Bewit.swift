import FoundationEssentials

/// A signature in the query of a URL: `id\expiry\mac\ext` in base64url.
struct Bewit {
    let id: String
    /// Seconds since 1970.
    let expiry: Int
    let mac: String
    let ext: String?

    /// Finds the bewit in a resource. Returns it and the resource without it, or nil for a resource without a bewit.
    static func find(
        in resource: String
    ) throws(AuthenticationFailure) -> (text: String, resource: String)? {
        guard let mark = resource.firstIndex(of: "?") else { return nil }
        let parameters = resource[resource.index(after: mark)...].split(
            separator: "&", omittingEmptySubsequences: false)
        let bewits = parameters.filter { $0.hasPrefix("bewit=") }
        guard let found = bewits.first else { return nil }
        guard bewits.count == 1 else { throw AuthenticationFailure("multiple authentications: two bewits") }
        let rest = parameters.filter { !$0.hasPrefix("bewit=") }.joined(separator: "&")
        return (
            String(found.dropFirst("bewit=".count)),
            String(resource[..<mark]) + (rest.isEmpty ? "" : "?" + rest)
        )
    }

    /// - Parameter text: base64url, with or without padding.
    init(_ text: String) throws(AuthenticationFailure) {
        var base64 = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }.filter { $0 != "=" }
        base64 += Array(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard text.utf8.count <= 4096, let data = Data(base64Encoded: String(base64)) else {
            throw AuthenticationFailure("the bewit is not base64url")
        }
        let parts = data.split(separator: 0x5c, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy(HawkText.isAttribute) else {
            throw AuthenticationFailure("the bewit is malformed")
        }
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        guard let expiry = HawkText.seconds(texts[1]), ClientId.isValid(texts[0]), !texts[2].isEmpty
        else { throw AuthenticationFailure("the bewit is malformed") }
        id = texts[0]
        self.expiry = expiry
        mac = texts[2]
        ext = texts[3].isEmpty ? nil : texts[3]
    }
}
