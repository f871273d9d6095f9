import COpenSSL

/// Random bytes for keys, tokens and nonces by OpenSSL.
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
