import COpenSSL
import Testing

@testable import Cryptography

@Suite("Cryptography")
struct CryptographyTests {
    @Test("SHA-256 and HMAC give the published values")
    func publishedValues() throws {
        #expect(
            try SHA256.hash("abc".utf8).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        // RFC 4231, test case 2.
        #expect(
            try HMACSHA256.authenticationCode(for: "what do ya want for nothing?".utf8, key: "Jefe".utf8)
                .hexadecimal
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("a library that is missing or lacks a function is named with the reason")
    func libraryErrors() {
        let table = UnsafeMutablePointer<openssl_functions>.allocate(capacity: 1)
        defer { table.deallocate() }
        let missing = openssl_functions_load(table, "libmissing.so.9").map { String(cString: $0) }
        #expect(missing?.hasPrefix("libmissing.so.9: cannot open") == true, "\(missing ?? "loaded")")
        let other = openssl_functions_load(table, "libm.so.6").map { String(cString: $0) }
        #expect(other?.hasSuffix("libm.so.6: undefined symbol: EVP_Digest") == true, "\(other ?? "loaded")")
        #expect(openssl_functions_load(table, "libcrypto.so.3") == nil)
    }

    @Test("AES-256-GCM gives the published value")
    func gcm() throws {
        let key = try EncryptionKey(base64: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        let zeros = [UInt8](repeating: 0, count: 16)
        let sealed = try AESGCM.seal(zeros, key: key, nonce: Array(zeros.prefix(12)), associatedData: [])
        // The GCM specification, test case 14.
        #expect(
            Array(sealed.dropFirst(13)).hexadecimal
                == "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919")
    }

    @Test("sealed data opens only with the same key and the same associated data")
    func place() throws {
        let key = try EncryptionKey()
        let sealed = try AESGCM.seal(Array("secret".utf8), key: key, associatedData: [1])
        #expect(try AESGCM.open(sealed, key: key, associatedData: [1]) == Array("secret".utf8))
        #expect(throws: CryptographyError.notAuthentic) {
            try AESGCM.open(sealed, key: key, associatedData: [2])
        }
        #expect(throws: CryptographyError.notAuthentic) {
            try AESGCM.open(sealed, key: try EncryptionKey(), associatedData: [1])
        }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptographyError.notAuthentic) {
                try AESGCM.open(changed, key: key, associatedData: [1])
            }
        }
    }

    @Test("a malformed key is refused, and the description of a key hides it")
    func keys() throws {
        #expect(throws: CryptographyError.self) { try EncryptionKey(base64: "AAAA") }
        #expect(throws: CryptographyError.self) { try EncryptionKey(base64: "not base64!") }
        let key = try EncryptionKey()
        #expect(!"\(key) \(String(reflecting: key))".contains(key.base64))
    }
}
