/// A short digest of an SSH public key, for the name of a key pair.
package enum KeyFingerprint {
    /// The first 7 hexadecimal digits of the SHA-256 of `algorithm data`: without the key's comment.
    package static func short(publicKey: String) throws(CryptographyError) -> String {
        let key = publicKey.split(whereSeparator: \.isWhitespace).prefix(2).joined(separator: " ")
        return String(try SHA256.hash(key.utf8).hexadecimal.prefix(7))
    }

    /// The name of the EC2 key pair of a public key, as the original service made it, so that its key pairs are used again. A
    /// new key has a new name.
    ///
    /// - Parameter prefix: with or without a colon at its end.
    package static func keyName(prefix: String, publicKey: String) throws(CryptographyError) -> String {
        try (prefix.hasSuffix(":") ? String(prefix.dropLast()) : prefix) + ":" + short(publicKey: publicKey)
    }
}
