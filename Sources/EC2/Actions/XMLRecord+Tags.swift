import AWS

extension XMLRecord {
    /// The volume ids of a record's `blockDeviceMapping`.
    func volumeIds() -> [String] {
        guard let mapping = first("blockDeviceMapping", in: 0) else { return [] }
        return children(of: mapping, named: "item").compactMap { item in
            first("ebs", in: item).flatMap { text("volumeId", in: $0) }
        }
    }

    /// The `tagSet` of a record.
    func tags() -> [String: String] {
        guard let set = first("tagSet", in: 0) else { return [:] }
        var tags: [String: String] = [:]
        for item in children(of: set, named: "item") {
            if let key = text("key", in: item) { tags[key] = text("value", in: item) ?? "" }
        }
        return tags
    }
}
