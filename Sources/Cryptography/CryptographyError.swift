/// Why data could not be hashed, sealed or opened. Never contains a key or a plain text.
package enum CryptographyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// libcrypto cannot be loaded.
    case unavailable(String)
    /// libcrypto refused an operation.
    case failed(String)
    /// The sealed data was changed, belongs to another row, or was sealed with another key.
    case notAuthentic
    /// A key has the wrong form.
    case badKey(String)

    package var description: String {
        switch self {
        case .unavailable(let reason): reason
        case .failed(let operation): "OpenSSL failed in \(operation)"
        case .notAuthentic: "sealed data does not open: it was changed, moved, or sealed with another key"
        case .badKey(let reason): "bad encryption key: \(reason)"
        }
    }
}
