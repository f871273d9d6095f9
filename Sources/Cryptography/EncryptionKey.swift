import FoundationEssentials

/// The key that secrets are sealed with at rest: 32 bytes that live outside the database.
package struct EncryptionKey: Sendable {
    let bytes: [UInt8]

    package static let length = 32

    /// A new key.
    package init() throws(CryptographyError) {
        bytes = try SecureRandom.bytes(Self.length)
    }

    /// Reads a key from base64, as it stands in the key file and in the environment.
    package init(base64: String) throws(CryptographyError) {
        let text = base64.trimmingASCIIWhitespace
        guard let data = Data(base64Encoded: text) else { throw .badKey("it is not base64") }
        guard data.count == Self.length else {
            throw .badKey("it has \(data.count) bytes, and needs \(Self.length)")
        }
        bytes = Array(data)
    }

    /// The key as base64, for the key file alone.
    package var base64: String { Data(bytes).base64EncodedString() }
}

extension EncryptionKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "<encryption key>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension String {
    fileprivate var trimmingASCIIWhitespace: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

extension EncryptionKey {
    /// A key of its own for keyed digests, so that one key never serves two algorithms.
    package var derivedMACKey: [UInt8] {
        get throws(CryptographyError) {
            try HMACSHA256.authenticationCode(for: "aws-provisioner content digest".utf8, key: bytes)
        }
    }
}
