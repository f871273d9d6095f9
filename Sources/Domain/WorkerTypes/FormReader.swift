/// Reads the members of a JSON object by a form, noting every problem with its path instead of stopping at one.
struct FormReader {
    /// The problems of a whole document, shared by the readers of its parts.
    final class Notes {
        private(set) var problems: [WorkerTypeProblem] = []

        func note(_ kind: WorkerTypeProblem.Kind, _ path: String, _ message: String) {
            problems.append(WorkerTypeProblem(kind: kind, path: path, message: message))
        }

        /// Throws where there is any problem.
        func check() throws(WorkerTypeProblems) {
            if !problems.isEmpty { throw WorkerTypeProblems(problems: problems) }
        }
    }

    let object: JSONObject
    let path: String
    let notes: Notes

    /// A reader of the object at a path; other members than `allowed` are a problem.
    init(_ object: JSONObject, path: String, allowed: Set<String>, notes: Notes) {
        self.object = object
        self.path = path
        self.notes = notes
        for key in object.keys.sorted() where !allowed.contains(key) {
            notes.note(.form, place(key), "is not a known property")
        }
    }

    /// A reader of a whole document.
    init(document: JSONValue, allowed: Set<String>) throws(WorkerTypeProblems) {
        let notes = Notes()
        if document.objectValue == nil { notes.note(.form, "", "must be a JSON object") }
        try notes.check()
        self.init(document.objectValue ?? [:], path: "", allowed: allowed, notes: notes)
    }

    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Counts and capacities stay far below what sums of them could overflow.
    static let largestCapacity = 1_000_000

    func string(_ key: String) -> String {
        member(key, "a string", read: \.stringValue) ?? ""
    }

    func object(_ key: String, optional: Bool = false) -> JSONObject {
        member(key, "an object", optional: optional, read: \.objectValue) ?? [:]
    }

    func bool(_ key: String, default value: Bool) -> Bool {
        member(key, "true or false", optional: true, read: \.boolValue) ?? value
    }

    /// A whole number from `least` to the largest capacity.
    func count(_ key: String, least: Int, optional: Bool = false) -> Int {
        guard let value = member(key, "a whole number", optional: optional, read: \.integerValue) else {
            return least
        }
        if value < least || value > Self.largestCapacity {
            notes.note(.form, place(key), "must be from \(least) to \(Self.largestCapacity)")
            return least
        }
        return value
    }

    /// A finite number of at least zero; above zero where zero makes no sense.
    func number(_ key: String, aboveZero: Bool = false) -> Double {
        guard let value = member(key, "a number", read: \.doubleValue) else { return 1 }
        guard value.isFinite, aboveZero ? value > 0 : value >= 0 else {
            notes.note(.form, place(key), aboveZero ? "must be above 0" : "must be at least 0")
            return 1
        }
        return value
    }

    /// A list of printable ASCII texts.
    func scopes(_ key: String) -> [String] {
        let values = member(key, "an array", read: \.arrayValue) ?? []
        return values.enumerated().compactMap { index, value in
            guard let text = value.stringValue else {
                notes.note(.form, "\(place(key))[\(index)]", "must be a string")
                return nil
            }
            if !text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
                notes.note(.form, "\(place(key))[\(index)]", "must be printable ASCII")
            }
            return text
        }
    }

    /// A name of EC2's: lower-case letters, digits, and a few separators.
    func name(_ key: String, separators: String) -> String {
        let text = string(key)
        if object[key]?.stringValue != nil,
            text.isEmpty || text.utf8.count > 64
                || !text.utf8.allSatisfy({ byte in
                    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
                        || separators.utf8.contains(byte)
                })
        {
            notes.note(.form, place(key), "is not a valid name")
        }
        return text
    }

    /// A list of objects, each read by `read` with its path.
    func list<Element>(
        _ key: String, optional: Bool = false, atLeastOne: Bool = false,
        read: (JSONObject, String) -> Element
    ) -> [Element] {
        guard let values = member(key, "an array", optional: optional, read: \.arrayValue) else { return [] }
        if atLeastOne, values.isEmpty { notes.note(.form, place(key), "must have at least one element") }
        return values.enumerated().compactMap { index, value in
            let path = "\(place(key))[\(index)]"
            guard let object = value.objectValue else {
                notes.note(.form, path, "must be an object")
                return nil
            }
            return read(object, path)
        }
    }

    private func member<Value>(
        _ key: String, _ form: String, optional: Bool = false, read: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = object[key] else {
            if !optional { notes.note(.form, place(key), "is required") }
            return nil
        }
        guard let result = read(value) else {
            notes.note(.form, place(key), "must be \(form)")
            return nil
        }
        return result
    }
}
