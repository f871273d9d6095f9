import Formats

extension LaunchSpecification {
    /// EC2's limits of the tags of a resource.
    ///
    /// Source: Amazon EC2 User Guide, "Tag restrictions". The lengths are UTF-16 code units: EC2 does not document how it
    /// counts other characters than those of the Basic Multilingual Plane, and never counts fewer.
    private enum TagLimits {
        static let tags = 50
        static let keyLength = 128
        static let valueLength = 256
    }

    /// Collects the problems of the tags of one launch specification.
    static func checkTags(_ specification: JSONObject, _ path: String, _ notes: ProblemCollector) {
        var seen: [String: Set<String>] = [:]
        for (index, entry) in (specification["TagSpecifications"]?.arrayValue ?? []).enumerated() {
            let resource = entry.objectValue?["ResourceType"]?.stringValue ?? ""
            for (number, tag) in (entry.objectValue?["Tags"]?.arrayValue ?? []).enumerated() {
                guard let key = tag.objectValue?["Key"]?.stringValue,
                    key.utf8.count <= DocumentLimits.launchStringSize
                else { continue }
                let place = "\(path).TagSpecifications[\(index)].Tags[\(number)]"
                if key.lowercased().hasPrefix("aws:") {
                    notes.note(.rule, place + ".Key", "must not begin with aws:")
                }
                checkLength(key, TagLimits.keyLength, place + ".Key", notes)
                if let value = tag.objectValue?["Value"]?.stringValue,
                    value.utf8.count <= DocumentLimits.launchStringSize
                {
                    checkLength(value, TagLimits.valueLength, place + ".Value", notes)
                }
                // EC2 merges the lists of a resource type, and refuses a key that appears twice.
                if !seen[resource, default: []].insert(key).inserted {
                    notes.note(.rule, place + ".Key", "\(key) appears more than once")
                }
            }
        }
        for (resource, keys) in seen.sorted(by: { $0.key < $1.key }) {
            let total = keys.union(Ownership.Tag.all).count
            if total > TagLimits.tags {
                notes.note(
                    .rule, "\(path).TagSpecifications",
                    "has \(total) tags for \(resource), with those of the provisioner; EC2 allows \(TagLimits.tags)"
                )
            }
        }
    }

    private static func checkLength(
        _ text: String, _ limit: Int, _ place: String, _ notes: ProblemCollector
    ) {
        let length = text.utf16.count
        if length > limit {
            notes.note(.rule, place, "has \(length) UTF-16 code units; EC2 allows \(limit)")
        }
    }
}
