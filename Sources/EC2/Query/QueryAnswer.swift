import Domain

/// What an answer held.
struct QueryAnswer<Item> {
    var items: [Item]
    /// The texts outside of the records, `nextToken` among them.
    var facts: [String: String]
}

/// How the records of an answer are found and read.
struct QueryRecords<Item> {
    /// From the answer's root, which is left out, to the record.
    let path: [String]
    /// The elements inside a record that are read.
    let names: [String]
    /// Nil for a record that says nothing.
    let read: (XMLRecord) throws -> Item?
}

extension QueryAnswer {
    /// Reads a whole answer; of a broken one nothing is taken.
    init(_ body: [UInt8], to action: Action, _ records: QueryRecords<Item>) throws {
        let root = action.rawValue + "Response"
        var items: [Item] = []
        let reader = try XMLRecords(path: [root] + records.path, names: records.names) { record in
            if let item = try records.read(record) { items.append(item) }
        }
        try reader.read(body)
        guard reader.sawRoot else { throw XMLError(description: "it is no \(root)") }
        self.init(items: items, facts: reader.facts)
    }
}
