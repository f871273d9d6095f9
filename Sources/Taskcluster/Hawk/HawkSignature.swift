/// A signed request: the parts that a Hawk header and a bewit have in common.
struct HawkSignature {
    let request: HawkRequest
    let purpose: HawkRequest.Purpose
    let id: String
    /// Seconds since 1970: the time of the signature, or the expiry of a bewit.
    let timestamp: Int
    let nonce: String
    let hash: String?
    let ext: String?
    let mac: String

    init(_ request: HawkRequest, _ header: HawkHeader) {
        self.request = request
        purpose = .header
        id = header.id
        timestamp = header.timestamp
        nonce = header.nonce
        hash = header.hash
        ext = header.ext
        mac = header.mac
    }

    /// - Parameter resource: the resource without the bewit.
    init(_ request: HawkRequest, _ bewit: Bewit, resource: String) {
        self.request = HawkRequest(method: "GET", resource: resource, host: request.host, port: request.port)
        purpose = .bewit
        id = bewit.id
        timestamp = bewit.expiry
        nonce = ""
        hash = nil
        ext = bewit.ext
        mac = bewit.mac
    }

    /// The MAC of the request with a key, in base64.
    func expectedMAC(key: String) throws -> String {
        try request.mac(
            purpose, key: key, timestamp: timestamp, nonce: nonce, hash: hash ?? "", ext: ext ?? "")
    }
}
