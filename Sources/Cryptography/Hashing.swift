import COpenSSL

/// SHA-256, by OpenSSL.
package enum SHA256 {
    package static func hash(_ bytes: some Sequence<UInt8>) throws(CryptographyError) -> [UInt8] {
        let openSSL = try OpenSSL.load()
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: 32)
        guard openSSL.EVP_Digest(input, input.count, &output, nil, openSSL.EVP_sha256(), nil) == 1 else {
            throw .failed("EVP_Digest")
        }
        return output
    }
}

/// HMAC-SHA256, by OpenSSL.
package enum HMACSHA256 {
    package static func authenticationCode(
        for message: some Sequence<UInt8>, key: some Sequence<UInt8>
    ) throws(CryptographyError) -> [UInt8] {
        let openSSL = try OpenSSL.load()
        let (input, key) = (Array(message), Array(key))
        guard let length = Int32(exactly: key.count) else { throw .badKey("too long") }
        var output = [UInt8](repeating: 0, count: 32)
        guard openSSL.HMAC(openSSL.EVP_sha256(), key, length, input, input.count, &output, nil) != nil else {
            throw .failed("HMAC")
        }
        return output
    }
}

/// Random bytes for keys, tokens and nonces, by OpenSSL.
package enum SecureRandom {
    package static func bytes(_ count: Int) throws(CryptographyError) -> [UInt8] {
        let openSSL = try OpenSSL.load()
        var bytes = [UInt8](repeating: 0, count: count)
        guard let length = Int32(exactly: count), openSSL.RAND_bytes(&bytes, length) == 1 else {
            throw .failed("RAND_bytes")
        }
        return bytes
    }
}

/// Whether two byte strings are equal, in a time that tells nothing of where they differ.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) throws(CryptographyError) -> Bool {
    let openSSL = try OpenSSL.load()
    return left.count == right.count && openSSL.CRYPTO_memcmp(left, right, left.count) == 0
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    package var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
