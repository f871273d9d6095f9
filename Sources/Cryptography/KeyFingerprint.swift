/// A short digest of an SSH public key, for the name of a key pair.
package enum KeyFingerprint {
    /// The first 7 hexadecimal digits of the SHA-256 of `algorithm data`: without the key's comment.
    package static func short(publicKey: String) throws(CryptographyError) -> String {
        let key = publicKey.split(whereSeparator: \.isWhitespace).prefix(2).joined(separator: " ")
        return String(try SHA256.hash(key.utf8).hexadecimal.prefix(7))
    }

    /// The name of the EC2 key pair of a public key: a new key makes a new pair.
    package static func keyName(prefix: String, publicKey: String) throws(CryptographyError) -> String {
        try prefix + ":" + short(publicKey: publicKey)
    }
}
