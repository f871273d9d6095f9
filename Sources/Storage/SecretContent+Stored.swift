import Domain
import Formats

extension SecretContent {
    /// Reads the stored form.
    init(stored document: JSONValue) throws {
        guard let object = document.objectValue, let secrets = object["secrets"]?.objectValue,
            let scopes = object["scopes"]?.stringList
        else { throw StorageError.corrupt(what: "secrets", reason: "unexpected JSON") }
        self.init(secrets: secrets, scopes: scopes)
    }
}

extension JSONValue {
    /// The elements of a list of strings; nil for other values.
    fileprivate var stringList: [String]? {
        guard let values = arrayValue else { return nil }
        let strings = values.compactMap(\.stringValue)
        return strings.count == values.count ? strings : nil
    }
}
