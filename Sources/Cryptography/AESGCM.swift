import COpenSSL

/// AES-256-GCM by OpenSSL. A sealed text opens only with the same key and the same associated data.
///
/// A sealed text is a version byte, a nonce of 12 random bytes, the ciphertext, and a tag of 16 bytes.
package enum AESGCM {
    private static let version: UInt8 = 1
    private static let nonceLength = 12
    private static let tagLength = 16

    /// - Parameter associatedData: the identity of the row that contains the text.
    package static func seal(
        _ plaintext: [UInt8], key: EncryptionKey, associatedData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try seal(
            plaintext, key: key, nonce: try SecureRandom.bytes(nonceLength), associatedData: associatedData)
    }

    static func seal(
        _ plaintext: [UInt8], key: EncryptionKey, nonce: [UInt8], associatedData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let cipher = try Cipher(key: key, nonce: nonce, encrypting: true)
        let ciphertext = try cipher.update(plaintext, associatedData: associatedData)
        return [version] + nonce + ciphertext + (try cipher.finishWithTag(length: tagLength))
    }

    package static func open(
        _ sealed: [UInt8], key: EncryptionKey, associatedData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.first == version, sealed.count >= 1 + nonceLength + tagLength else {
            throw .notAuthentic
        }
        let nonce = Array(sealed[1..<1 + nonceLength])
        let ciphertext = Array(sealed[(1 + nonceLength)..<(sealed.count - tagLength)])
        let tag = Array(sealed.suffix(tagLength))
        let cipher = try Cipher(key: key, nonce: nonce, encrypting: false)
        let plaintext = try cipher.update(ciphertext, associatedData: associatedData)
        try cipher.verify(tag)
        return plaintext
    }
}

/// One use of an OpenSSL cipher context.
private final class Cipher {
    private let openSSL: openssl_functions
    private let context: OpaquePointer

    init(key: EncryptionKey, nonce: [UInt8], encrypting: Bool) throws(CryptographyError) {
        openSSL = try OpenSSL.load()
        guard let context = openSSL.EVP_CIPHER_CTX_new() else { throw .failed("EVP_CIPHER_CTX_new") }
        self.context = context
        guard
            openSSL.EVP_CipherInit_ex(
                context, openSSL.EVP_aes_256_gcm(), nil, key.bytes, nonce, encrypting ? 1 : 0) == 1
        else {
            throw .failed("EVP_CipherInit_ex")
        }
    }

    deinit { openSSL.EVP_CIPHER_CTX_free(context) }

    func update(_ input: [UInt8], associatedData: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let length = Int32(exactly: input.count), let extra = Int32(exactly: associatedData.count)
        else {
            throw .failed("EVP_CipherUpdate: too long")
        }
        var written: Int32 = 0
        guard openSSL.EVP_CipherUpdate(context, nil, &written, associatedData, extra) == 1 else {
            throw .failed("EVP_CipherUpdate")
        }
        var output = [UInt8](repeating: 0, count: input.count)
        guard openSSL.EVP_CipherUpdate(context, &output, &written, input, length) == 1, written == length
        else {
            throw .failed("EVP_CipherUpdate")
        }
        return output
    }

    func finishWithTag(length: Int) throws(CryptographyError) -> [UInt8] {
        var written: Int32 = 0
        var tag = [UInt8](repeating: 0, count: length)
        guard openSSL.EVP_CipherFinal_ex(context, nil, &written) == 1,
            openSSL.EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(length), &tag) == 1
        else { throw .failed("EVP_CipherFinal_ex") }
        return tag
    }

    func verify(_ tag: [UInt8]) throws(CryptographyError) {
        var tag = tag
        var written: Int32 = 0
        guard openSSL.EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1,
            openSSL.EVP_CipherFinal_ex(context, nil, &written) == 1
        else { throw .notAuthentic }
    }
}
