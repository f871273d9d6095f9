import COpenSSL

/// HMAC-SHA256 by OpenSSL.
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
