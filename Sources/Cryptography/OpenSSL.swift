import COpenSSL

/// libcrypto, loaded on first use.
enum OpenSSL {
    private static let functions = Result { () throws(CryptographyError) -> openssl_functions in
        let table = UnsafeMutablePointer<openssl_functions>.allocate(capacity: 1)
        defer { table.deallocate() }
        if let reason = openssl_functions_load(table, "libcrypto.so.3") {
            throw .unavailable("\(String(cString: reason)); install the Debian package libssl3")
        }
        return table.pointee
    }

    /// Returns the functions of libcrypto.
    static func load() throws(CryptographyError) -> openssl_functions { try functions.get() }
}
