import Testing

@testable import Cryptography

@Suite("The nonce of a seal")
struct SealNonceTests {
    @Test("is another one for each seal: a nonce that is used twice reveals both texts")
    func unique() throws {
        let key = try EncryptionKey()
        let sealed = try (0..<1000).map { _ in
            try AESGCM.seal(Array("text".utf8), key: key, associatedData: [])
        }
        // After the byte of the version.
        #expect(Set(sealed.map { Array($0[1..<13]) }).count == sealed.count)
    }
}
