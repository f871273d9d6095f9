/// The attributes of an `Authorization: Hawk` header.
struct HawkHeader: Sendable {
    let id: String
    let timestamp: Int
    let nonce: String
    let mac: String
    let hash: String?
    let ext: String?

    /// - Parameter text: the header's value, its scheme included.
    init(_ text: String) throws(AuthenticationFailure) {
        guard text.utf8.count <= 4096 else { throw AuthenticationFailure("Authorization header is too long") }
        let scheme = text.prefix { $0 != " " }
        guard scheme.lowercased() == "hawk" else {
            throw AuthenticationFailure("Authorization scheme \(scheme.prefix(20)) is not Hawk")
        }
        let attributes = try Self.attributes(text.dropFirst(scheme.count))
        func required(_ name: String) throws(AuthenticationFailure) -> String {
            guard let value = attributes[name], !value.isEmpty else {
                throw AuthenticationFailure("Authorization header lacks \(name)")
            }
            return value
        }
        id = try required("id")
        guard ClientId.isValid(id) else {
            throw AuthenticationFailure("id is not a clientId of 1 to 256 printable characters")
        }
        nonce = try required("nonce")
        mac = try required("mac")
        guard let seconds = HawkText.seconds(try required("ts")) else {
            throw AuthenticationFailure("ts is not a number of seconds")
        }
        timestamp = seconds
        hash = attributes["hash"]
        ext = attributes["ext"]
    }

    private static func attributes(_ text: Substring) throws(AuthenticationFailure) -> [String: String] {
        var attributes: [String: String] = [:]
        var rest = text.utf8[...]
        func skip(_ bytes: String) { rest = rest.drop { bytes.utf8.contains($0) } }
        skip(" ,")
        while !rest.isEmpty {
            let name = rest.prefix { (0x61...0x7a).contains($0) }
            rest = rest.dropFirst(name.count)
            guard rest.first == 0x3d, rest.dropFirst().first == 0x22 else {
                throw AuthenticationFailure("Authorization header is malformed")
            }
            rest = rest.dropFirst(2)
            let value = rest.prefix { $0 != 0x22 }
            rest = rest.dropFirst(value.count)
            guard rest.first == 0x22, HawkText.isAttribute(value) else {
                throw AuthenticationFailure("Authorization header is malformed")
            }
            rest = rest.dropFirst()
            let key = String(Substring(name))
            // Hawk's `app` and `dlg` add lines to the MAC that this service does not support.
            guard ["id", "ts", "nonce", "hash", "ext", "mac"].contains(key) else {
                throw AuthenticationFailure("Authorization header has an unknown attribute")
            }
            guard attributes.updateValue(String(Substring(value)), forKey: key) == nil else {
                throw AuthenticationFailure("Authorization header has \(key) twice")
            }
            guard rest.isEmpty || rest.first == 0x2c || rest.first == 0x20 else {
                throw AuthenticationFailure("Authorization header is malformed")
            }
            skip(" ,")
        }
        return attributes
    }
}
