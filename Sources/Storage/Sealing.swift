import Cryptography
import Domain
import Formats
import FoundationEssentials

/// Seals and opens values with the encryption key.
struct Sealing: Sendable {
    let key: EncryptionKey?

    /// Seals a value for one row: it opens only there.
    ///
    /// - Parameter columns: the values of columns that belong to the sealed value. It opens only beside these.
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

    /// Opens a value that was sealed for this row, and beside these columns.
    func open<Value: Decodable>(
        _ sealed: Data, as type: Value.Type, table: String, row: String, binding columns: [String?]? = nil
    ) throws -> Value {
        try JSONCoding.decode(
            type, from: try openText(sealed, table: table, row: row, binding: columns), what: table)
    }

    /// Opens a document that was sealed for this row, and beside these columns. It contains JSON that a client sent.
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

    /// A keyed digest of a value, for comparing what is sealed without opening it.
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
        // A list in JSON: no two lists of columns are the same text.
        return Array(try JSONCoding.encode([table, row] + columns).utf8)
    }

    private func requiredKey() throws(CryptographyError) -> EncryptionKey {
        guard let key else { throw .badKey("none is set") }
        return key
    }
}

extension ProvisionerDatabase {
    var sealing: Sealing { Sealing(key: key) }

    func seal(_ value: some Encodable, table: String, row: String) throws -> Data {
        try sealing.seal(value, table: table, row: row)
    }

    func open<Value: Decodable>(
        _ sealed: Data, as type: Value.Type, table: String, row: String
    ) throws -> Value {
        try sealing.open(sealed, as: type, table: table, row: row)
    }

    func openDocument(_ sealed: Data, table: String, row: String) throws -> JSONValue {
        try sealing.openDocument(sealed, table: table, row: row)
    }

    func authenticationCode(_ value: some Encodable) throws -> Data {
        try sealing.authenticationCode(value)
    }
}

/// JSON in columns: sorted keys, so that equal values are equal text.
enum JSONCoding {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .millisecondsSince1970
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Reads a document that contains JSON from outside.
    static func parse(_ text: some Sequence<UInt8>, what: String) throws -> JSONValue {
        do throws(JSONParsingError) {
            return try JSONValue(parsing: text)
        } catch {
            throw StorageError.corrupt(what: what, reason: "\(error)")
        }
    }

    /// Reads a value of one of the program's own types. No such type contains JSON from outside, so that the shape of
    /// the text is the program's own too.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from text: some Sequence<UInt8>, what: String
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .millisecondsSince1970
        do {
            return try decoder.decode(type, from: Data(text))
        } catch {
            // A decoding error may quote the value, which may be a secret: its kind has to do.
            throw StorageError.corrupt(what: what, reason: "not the JSON that it should be")
        }
    }
}
