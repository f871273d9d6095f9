/// What an answer held.
package struct QueryResponse<Item> {
    package var items: [Item]
    /// The texts outside of the records, `nextToken` among them.
    package var facts: [String: String]
}

/// How the records of an answer are found and read.
package struct QueryRecords<Item> {
    /// From the answer's root, which is left out, to the record.
    package let path: [String]
    /// The elements inside a record that are read.
    package let names: [String]
    /// Nil for a record that says nothing.
    package let read: (XMLRecord) throws -> Item?

    package init(path: [String], names: [String], read: @escaping (XMLRecord) throws -> Item?) {
        self.path = path
        self.names = names
        self.read = read
    }
}

extension QueryResponse {
    /// Reads a whole answer; of a broken one nothing is taken.
    package init(_ body: [UInt8], to action: Action, _ records: QueryRecords<Item>) throws {
        let root = action.rawValue + "Response"
        var items: [Item] = []
        let reader = try XMLRecordParser(path: [root] + records.path, names: records.names) { record in
            if let item = try records.read(record) { items.append(item) }
        }
        try reader.read(body)
        guard reader.sawRoot else { throw XMLError(description: "it is no \(root)") }
        self.init(items: items, facts: reader.facts)
    }
}
