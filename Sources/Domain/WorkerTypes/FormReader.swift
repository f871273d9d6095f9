import Formats

/// Reads the members of a JSON object by a form, noting every problem with its path instead of stopping at one.
struct FormReader {
    /// The problems of a whole document, shared by the readers of its parts.
    final class Notes {
        /// How much of a document is checked.
        enum Strictness {
            /// Everything that a new document has to satisfy.
            case complete
            /// That each required member is there and has its type: for stored documents, which an earlier version
            /// may have checked by other rules.
            case structure
        }

        private(set) var problems: [WorkerTypeProblem] = []
        let strictness: Strictness

        init(_ strictness: Strictness = .complete) { self.strictness = strictness }

        /// Whether further problems are not listed.
        var isFull: Bool { problems.count > DocumentLimits.problems }

        /// Adds a problem, unless as many as an error lists are there. The last one says that there may be more.
        func note(_ kind: WorkerTypeProblem.Kind, _ path: @autoclosure () -> String, _ message: String) {
            if problems.count < DocumentLimits.problems {
                problems.append(WorkerTypeProblem(kind: kind, path: path(), message: message))
            } else if !isFull {
                problems.append(
                    WorkerTypeProblem(
                        kind: kind, path: "", message: "more problems than the \(problems.count) above"))
            }
        }

        /// Adds a problem of a member whose type is right, where the document is new.
        func noteValue(
            _ kind: WorkerTypeProblem.Kind, _ path: @autoclosure () -> String, _ message: String
        ) {
            if strictness == .complete { note(kind, path(), message) }
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
        guard notes.strictness == .complete else { return }
        for key in object.keys.filter({ !allowed.contains($0) }).sorted() where !notes.isFull {
            notes.note(.form, place(key), "is not a known property")
        }
    }

    /// A reader of a whole document.
    init(
        document: JSONValue, allowed: Set<String>, strictness: Notes.Strictness = .complete
    ) throws(WorkerTypeProblems) {
        let notes = Notes(strictness)
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

    /// A string of at most that many Unicode scalars.
    func string(_ key: String, atMost limit: Int) -> String {
        let text = string(key)
        // A scalar has up to four bytes: most strings need not be counted.
        if text.utf8.count > limit, text.unicodeScalars.count > limit {
            notes.noteValue(
                .form, place(key), "has \(text.unicodeScalars.count) characters; at most \(limit) are allowed"
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

    /// A whole number from `least` to the largest capacity.
    func count(_ key: String, least: Int, optional: Bool = false) -> Int {
        guard let value = member(key, "a whole number", optional: optional, read: \.integerValue) else {
            return least
        }
        if value < least || value > Self.largestCapacity {
            notes.noteValue(.form, place(key), "must be from \(least) to \(Self.largestCapacity)")
        }
        return min(max(value, least), Self.largestCapacity)
    }

    /// A finite number of at least zero; above zero where zero makes no sense.
    func number(_ key: String, aboveZero: Bool = false) -> Double {
        guard let value = member(key, "a number", read: \.doubleValue) else { return 1 }
        guard value.isFinite, aboveZero ? value > 0 : value >= 0 else {
            notes.noteValue(.form, place(key), aboveZero ? "must be above 0" : "must be at least 0")
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
                notes.noteValue(.form, "\(place(key))[\(index)]", "must be printable ASCII")
            }
            return text
        }
    }

    /// A name of EC2's: lower-case letters, digits, and a few separators.
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
                .form, place(key),
                "is not a valid name: 1 to \(DocumentLimits.nameLength) lower-case letters, digits and "
                    + separators)
        }
        return text
    }

    /// A list of objects, each read by `read` with its path.
    func list<Element>(
        _ key: String, optional: Bool = false, atLeastOne: Bool = false,
        read: (JSONObject, String) -> Element
    ) -> [Element] {
        guard let values = member(key, "an array", optional: optional, read: \.arrayValue) else { return [] }
        if atLeastOne, values.isEmpty { notes.noteValue(.form, place(key), "must have at least one element") }
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
