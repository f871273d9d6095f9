import COpenSSL

/// SHA-256 by OpenSSL.
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

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    package var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
