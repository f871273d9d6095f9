import Formats
import FoundationEssentials

/// The key that seals secrets at rest: 32 bytes outside the database.
package struct EncryptionKey: Sendable {
    let bytes: [UInt8]

    package static let length = 32

    /// Creates a random key.
    package init() throws(CryptographyError) {
        bytes = try SecureRandom.bytes(Self.length)
    }

    /// Reads a key from the base64 of the key file or the environment.
    package init(base64: String) throws(CryptographyError) {
        let text = base64.trimmed
        guard let data = Data(base64Encoded: text) else { throw .badKey("it is not base64") }
        guard data.count == Self.length else {
            throw .badKey("it has \(data.count) bytes, and needs \(Self.length)")
        }
        bytes = Array(data)
    }

    /// The key as base64, for the key file only.
    package var base64: String { Data(bytes).base64EncodedString() }
}

extension EncryptionKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "<encryption key>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension EncryptionKey {
    /// The key of keyed digests. It is derived, so that one key never serves two algorithms.
    package var derivedMACKey: [UInt8] {
        get throws(CryptographyError) {
            try HMACSHA256.authenticationCode(for: "aws-provisioner content digest".utf8, key: bytes)
        }
    }
}
