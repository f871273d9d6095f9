import COpenSSL
import SharedLibraries

/// The functions of libcrypto that are used, found when the first of them is needed.
///
/// The only file that touches the C library.
struct OpenSSL: Sendable {
    typealias Digest =
        @convention(c) (
            UnsafeRawPointer?, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>?,
            OpaquePointer?,
            OpaquePointer?
        ) -> Int32
    typealias MAC =
        @convention(c) (
            OpaquePointer?, UnsafeRawPointer?, Int32, UnsafePointer<UInt8>?, Int,
            UnsafeMutablePointer<UInt8>?,
            UnsafeMutablePointer<UInt32>?
        ) -> UnsafeMutablePointer<UInt8>?
    typealias Random = @convention(c) (UnsafeMutablePointer<UInt8>?, Int32) -> Int32
    typealias Compare = @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, Int) -> Int32
    typealias MakeContext = @convention(c) () -> OpaquePointer?
    typealias FreeContext = @convention(c) (OpaquePointer?) -> Void
    typealias MakeAlgorithm = @convention(c) () -> OpaquePointer?
    typealias InitCipher =
        @convention(c) (
            OpaquePointer?, OpaquePointer?, OpaquePointer?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?,
            Int32
        ) -> Int32
    typealias UpdateCipher =
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int32>?, UnsafePointer<UInt8>?,
            Int32
        ) -> Int32
    typealias FinishCipher =
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int32>?) -> Int32
    typealias ControlCipher =
        @convention(c) (OpaquePointer?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32

    let digest: Digest
    let mac: MAC
    let random: Random
    let compare: Compare
    let sha256: MakeAlgorithm
    let aes256GCM: MakeAlgorithm
    let makeContext: MakeContext
    let freeContext: FreeContext
    let initCipher: InitCipher
    let updateCipher: UpdateCipher
    let finishCipher: FinishCipher
    let controlCipher: ControlCipher

    static let tagGet = EVP_CTRL_AEAD_GET_TAG
    static let tagSet = EVP_CTRL_AEAD_SET_TAG

    private init() throws {
        let library = try SharedLibrary("libcrypto.so.3", package: "libssl3")
        digest = try library.function("EVP_Digest")
        mac = try library.function("HMAC")
        random = try library.function("RAND_bytes")
        compare = try library.function("CRYPTO_memcmp")
        sha256 = try library.function("EVP_sha256")
        aes256GCM = try library.function("EVP_aes_256_gcm")
        makeContext = try library.function("EVP_CIPHER_CTX_new")
        freeContext = try library.function("EVP_CIPHER_CTX_free")
        initCipher = try library.function("EVP_CipherInit_ex")
        updateCipher = try library.function("EVP_CipherUpdate")
        finishCipher = try library.function("EVP_CipherFinal_ex")
        controlCipher = try library.function("EVP_CIPHER_CTX_ctrl")
    }

    private static let loaded = Result { try OpenSSL() }

    static func load() throws(CryptographyError) -> OpenSSL {
        switch loaded {
        case .success(let openSSL): return openSSL
        case .failure(let error): throw .unavailable("\(error)")
        }
    }
}
