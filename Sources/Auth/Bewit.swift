import FoundationEssentials

/// A signed link: `id\expiry\mac\ext` in the query.
struct Bewit {
    let id: String
    /// Seconds since 1970.
    let expiry: Int
    let mac: String
    let ext: String

    /// The bewit in a resource, and the resource without it; nil when there is none.
    static func find(in resource: String) -> (text: String, resource: String)? {
        guard let mark = resource.firstIndex(of: "?") else { return nil }
        let parameters = resource[resource.index(after: mark)...].split(
            separator: "&", omittingEmptySubsequences: false)
        guard let found = parameters.first(where: { $0.hasPrefix("bewit=") }) else { return nil }
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
        let parts = String(decoding: data, as: UTF8.self).split(
            separator: "\\", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let expiry = Int(parts[1]), (0...1_000_000_000_000).contains(expiry),
            !parts[0].isEmpty, !parts[2].isEmpty
        else { throw AuthenticationFailure("the bewit is malformed") }
        id = String(parts[0])
        self.expiry = expiry
        mac = String(parts[2])
        ext = String(parts[3])
    }
}
