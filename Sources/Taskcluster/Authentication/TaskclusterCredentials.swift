import Cryptography
import Domain
import Formats
import FoundationEssentials

/// The credentials that sign requests to Taskcluster services.
package struct TaskclusterCredentials: Sendable, CustomStringConvertible, CustomReflectable {
    package let clientId: String
    let accessToken: String
    /// The certificate of temporary credentials.
    let certificate: JSONValue?

    /// - Parameter certificate: a JSON object, or nil.
    package init(clientId: String, accessToken: String, certificate: String? = nil) throws {
        self.clientId = clientId
        self.accessToken = accessToken
        guard let certificate, !certificate.isEmpty else {
            self.certificate = nil
            return
        }
        guard let value = try? JSONValue(parsing: Data(certificate.utf8)), value.objectValue != nil else {
            throw CredentialsError(description: "TASKCLUSTER_CERTIFICATE is not a JSON object")
        }
        self.certificate = value
    }

    package struct CredentialsError: Error, CustomStringConvertible, Sendable {
        package let description: String
    }

    package var description: String { "<Taskcluster credentials \(clientId)>" }
    package var customMirror: Mirror { Mirror(self, children: ["clientId": clientId]) }

    /// The header that signs a request now, with a nonce of its own.
    func header(for request: HawkRequest, hash: String? = nil) throws -> (name: String, value: String) {
        let nonce = SlugID.make(random: try SecureRandom.bytes(16))
        let timestamp = Int(Date().timeIntervalSince1970)
        return (
            "Authorization", try authorization(for: request, timestamp: timestamp, nonce: nonce, hash: hash)
        )
    }

    /// The value of the Authorization header for a request.
    ///
    /// - Parameters:
    ///   - timestamp: seconds since 1970.
    ///   - nonce: a short unique text.
    package func authorization(
        for request: HawkRequest, timestamp: Int, nonce: String, hash: String? = nil
    ) throws -> String {
        var ext = ""
        if let certificate {
            ext = try JSONValue.object(["certificate": certificate]).serialized().base64EncodedString()
        }
        let mac = try request.mac(
            key: accessToken, timestamp: timestamp, nonce: nonce, hash: hash ?? "", ext: ext)
        var parts = ["id=\"\(clientId)\"", "ts=\"\(timestamp)\"", "nonce=\"\(nonce)\""]
        if let hash { parts.append("hash=\"\(hash)\"") }
        if !ext.isEmpty { parts.append("ext=\"\(ext)\"") }
        parts.append("mac=\"\(mac)\"")
        return "Hawk " + parts.joined(separator: ", ")
    }
}
