import COpenSSL

/// Whether two byte strings are equal. The time does not depend on the position of a difference.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) throws(CryptographyError) -> Bool {
    let openSSL = try OpenSSL.load()
    return left.count == right.count && openSSL.CRYPTO_memcmp(left, right, left.count) == 0
}
