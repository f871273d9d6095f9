import Formats

/// Reads the members of a JSON object, and collects every problem with its path.
struct DocumentReader {
    let object: JSONObject
    let path: String
    let notes: ProblemCollector

    /// Creates a reader of the object at a path. Members other than `allowed` are a problem.
    init(_ object: JSONObject, path: String, allowed: Set<String>, notes: ProblemCollector) {
        self.object = object
        self.path = path
        self.notes = notes
        guard notes.strictness == .complete else { return }
        for key in object.keys.filter({ !allowed.contains($0) }).sorted() where !notes.isFull {
            notes.note(
                .schema, self.path(of: key),
                "is not a known property" + NearestName.hint(key, among: allowed))
        }
    }

    /// Creates a reader of a whole document.
    init(
        document: JSONValue, allowed: Set<String>, strictness: ProblemCollector.Strictness = .complete
    ) throws(WorkerTypeProblems) {
        let notes = ProblemCollector(strictness)
        if document.objectValue == nil { notes.note(.schema, "", "must be a JSON object") }
        try notes.check()
        self.init(document.objectValue ?? [:], path: "", allowed: allowed, notes: notes)
    }

    /// The path of a member.
    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The maximum of counts and capacities: sums of them cannot overflow.
    static let largestCapacity = 1_000_000

    func string(_ key: String) -> String {
        member(key, "a string", read: \.stringValue) ?? ""
    }

    /// Reads a string of at most `limit` Unicode scalars.
    func string(_ key: String, atMost limit: Int) -> String {
        let text = string(key)
        // A scalar has up to four bytes: most strings need not be counted.
        if text.utf8.count > limit, text.unicodeScalars.count > limit {
            notes.noteValue(
                .schema, path(of: key),
                "has \(text.unicodeScalars.count) characters; at most \(limit) are allowed"
            )
        }
        return text
    }

    func object(_ key: String, optional: Bool = false) -> JSONObject {
        member(key, "an object", optional: optional, read: \.objectValue) ?? [:]
    }

    func bool(_ key: String, default value: Bool) -> Bool {
        member(key, "true or false", optional: true, read: \.boolValue) ?? value
    }

    /// Reads a whole number from `least` to the largest capacity.
    func count(_ key: String, least: Int, optional: Bool = false) -> Int {
        guard let value = member(key, "a whole number", optional: optional, read: \.integerValue) else {
            return least
        }
        if value < least || value > Self.largestCapacity {
            notes.noteValue(.schema, path(of: key), "must be from \(least) to \(Self.largestCapacity)")
        }
        return min(max(value, least), Self.largestCapacity)
    }

    /// Reads a finite number of at least zero, or above zero.
    func number(_ key: String, aboveZero: Bool = false) -> Double {
        guard let value = member(key, "a number", read: \.doubleValue) else { return 1 }
        guard value.isFinite, aboveZero ? value > 0 : value >= 0 else {
            notes.noteValue(.schema, path(of: key), aboveZero ? "must be above 0" : "must be at least 0")
            return 1
        }
        return value
    }

    /// Reads a list of printable ASCII strings.
    func scopes(_ key: String) -> [String] {
        let values = member(key, "an array", read: \.arrayValue) ?? []
        return values.enumerated().compactMap { index, value in
            guard let text = value.stringValue else {
                notes.note(.schema, "\(path(of: key))[\(index)]", "must be a string")
                return nil
            }
            if !text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
                notes.noteValue(.schema, "\(path(of: key))[\(index)]", "must be printable ASCII")
            }
            return text
        }
    }

    /// Reads the name of an EC2 region, zone or instance type: lower-case letters, digits and separators.
    func name(_ key: String, separators: String) -> String {
        let text = string(key)
        if object[key]?.stringValue != nil,
            text.isEmpty || text.utf8.count > DocumentLimits.nameLength
                || !text.utf8.allSatisfy({ byte in
                    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
                        || separators.utf8.contains(byte)
                })
        {
            notes.noteValue(
                .schema, path(of: key),
                "is not a valid name: 1 to \(DocumentLimits.nameLength) lower-case letters, digits and "
                    + separators)
        }
        return text
    }

    /// Reads a list of objects. `read` receives each object and its path.
    func list<Element>(
        _ key: String, optional: Bool = false, atLeastOne: Bool = false,
        read: (JSONObject, String) -> Element
    ) -> [Element] {
        guard let values = member(key, "an array", optional: optional, read: \.arrayValue) else { return [] }
        if atLeastOne, values.isEmpty {
            notes.noteValue(.schema, path(of: key), "must have at least one element")
        }
        return values.enumerated().compactMap { index, value in
            let path = "\(self.path(of: key))[\(index)]"
            guard let object = value.objectValue else {
                notes.note(.schema, path, "must be an object")
                return nil
            }
            return read(object, path)
        }
    }

    private func member<Value>(
        _ key: String, _ expected: String, optional: Bool = false, read: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = object[key] else {
            if !optional { notes.note(.schema, path(of: key), "is required") }
            return nil
        }
        guard let result = read(value) else {
            notes.note(.schema, path(of: key), "must be \(expected)")
            return nil
        }
        return result
    }
}
