import Cryptography
import Domain
import Formats
import FoundationEssentials

/// Seals and opens values with the encryption key.
struct Sealer: Sendable {
    let key: EncryptionKey?

    /// Seals a value. It opens only in the same row.
    ///
    /// - Parameter columns: the values of columns to bind. The sealed value opens only together with these values.
    func seal(
        _ value: some Encodable, table: String, row: String, binding columns: [String?]? = nil
    ) throws -> Data {
        let text = Array(try JSONCoding.encode(value).utf8)
        let place = try associatedData(table, row, columns)
        do throws(CryptographyError) {
            return Data(try AESGCM.seal(text, key: try requiredKey(), associatedData: place))
        } catch {
            throw StorageError.sealing(what: "\(table) \(row)", error)
        }
    }

    /// Opens a value that was sealed for this row and these columns.
    func open<Value: Decodable>(
        _ sealed: Data, as type: Value.Type, table: String, row: String, binding columns: [String?]? = nil
    ) throws -> Value {
        try JSONCoding.decode(
            type, from: try openText(sealed, table: table, row: row, binding: columns), what: table)
    }

    /// Opens a document that was sealed for this row and these columns. It contains JSON from outside.
    func openDocument(
        _ sealed: Data, table: String, row: String, binding columns: [String?]? = nil
    ) throws -> JSONValue {
        try JSONCoding.parse(
            try openText(sealed, table: table, row: row, binding: columns), what: table)
    }

    private func openText(
        _ sealed: Data, table: String, row: String, binding columns: [String?]?
    ) throws -> [UInt8] {
        let place = try associatedData(table, row, columns)
        do throws(CryptographyError) {
            return try AESGCM.open(Array(sealed), key: try requiredKey(), associatedData: place)
        } catch {
            throw StorageError.sealing(what: "\(table) \(row)", error)
        }
    }

    /// A keyed digest of a value, for the comparison of sealed values.
    func authenticationCode(_ value: some Encodable) throws -> Data {
        let text = Array(try JSONCoding.encode(value).utf8)
        do throws(CryptographyError) {
            return Data(try HMACSHA256.authenticationCode(for: text, key: try requiredKey().derivedMACKey))
        } catch {
            throw StorageError.sealing(what: "digest", error)
        }
    }

    private func associatedData(_ table: String, _ row: String, _ columns: [String?]?) throws -> [UInt8] {
        guard let columns else { return Array("\(table)/\(row)".utf8) }
        // JSON, because different lists of columns must have different texts.
        return Array(try JSONCoding.encode([table, row] + columns).utf8)
    }

    private func requiredKey() throws(CryptographyError) -> EncryptionKey {
        guard let key else { throw .badKey("none is set") }
        return key
    }
}

extension ProvisionerDatabase {
    var sealer: Sealer { Sealer(key: key) }

    func seal(_ value: some Encodable, table: String, row: String) throws -> Data {
        try sealer.seal(value, table: table, row: row)
    }

    func open<Value: Decodable>(
        _ sealed: Data, as type: Value.Type, table: String, row: String
    ) throws -> Value {
        try sealer.open(sealed, as: type, table: table, row: row)
    }

    func openDocument(_ sealed: Data, table: String, row: String) throws -> JSONValue {
        try sealer.openDocument(sealed, table: table, row: row)
    }

    func authenticationCode(_ value: some Encodable) throws -> Data {
        try sealer.authenticationCode(value)
    }
}
