package import FoundationEssentials

/// The content of a response.
package struct QueryResponse<Item> {
    package var items: [Item]
    /// The texts of elements outside of the records, such as `nextToken`.
    package var rootFields: [String: String]
    /// The time of the response by the service's clock.
    package var date: Date?
}

/// The path of the records in a response, and a function that reads one.
package struct QueryRecords<Item> {
    /// The element names from the root, which is omitted, to the record.
    package let path: [String]
    /// The names of the elements that are kept.
    package let names: [String]
    /// Returns nil for a record without a relevant item.
    package let read: (XMLRecord) throws -> Item?

    package init(path: [String], names: [String], read: @escaping (XMLRecord) throws -> Item?) {
        self.path = path
        self.names = names
        self.read = read
    }
}

extension QueryResponse {
    /// Reads a complete response. Throws on a malformed response, without partial results.
    package init(_ body: [UInt8], to action: Action, _ records: QueryRecords<Item>) throws {
        let root = action.rawValue + "Response"
        var items: [Item] = []
        let reader = try XMLRecordParser(path: [root] + records.path, names: records.names) { record in
            if let item = try records.read(record) { items.append(item) }
        }
        try reader.read(body)
        guard reader.foundRoot else { throw XMLError(description: "the root element is not \(root)") }
        self.init(items: items, rootFields: reader.rootFields)
    }
}
