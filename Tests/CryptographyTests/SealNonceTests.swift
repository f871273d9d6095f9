import Testing

@testable import Cryptography

@Suite("The nonce of a seal")
struct SealNonceTests {
    @Test("differs for each seal")
    func unique() throws {
        let key = try EncryptionKey()
        let sealed = try (0..<1000).map { _ in
            try AESGCM.seal(Array("text".utf8), key: key, associatedData: [])
        }
        // The nonce follows the version byte. A repeated nonce reveals both texts.
        #expect(Set(sealed.map { Array($0[1..<13]) }).count == sealed.count)
    }
}
