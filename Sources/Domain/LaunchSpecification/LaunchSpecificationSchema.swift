import Formats

/// The type of a value in a launch specification, as in EC2's service model (API version 2016-11-15).
indirect enum LaunchSpecificationSchema: Sendable {
    case nonEmptyString
    /// A string that may be empty.
    case string
    /// A whole number of at least zero.
    case integer
    case bool
    /// One of several strings.
    case choice([String])
    case list(LaunchSpecificationSchema)
    case object([String: LaunchSpecificationSchema], required: Set<String> = [])
    /// A parameter of RunInstances that RequestSpotInstances lacks.
    case runInstances(LaunchSpecificationSchema)
    /// A parameter of EC2 that workers cannot have, with the reason.
    case unsupported(String)
    /// The only value that workers can have, with the reason.
    case constant(String, String)

    /// Collects the problems of a value.
    func check(_ value: JSONValue, at path: String, _ notes: ProblemCollector) {
        func note(_ message: String) { notes.note(.rule, path, message) }
        if let size = value.stringValue?.utf8.count, size > DocumentLimits.launchStringSize {
            return note("has \(size) bytes; at most \(DocumentLimits.launchStringSize) are allowed")
        }
        switch self {
        case .nonEmptyString:
            if value.stringValue?.isEmpty ?? true { note("must be a string that is not empty") }
        case .string: if value.stringValue == nil { note("must be a string") }
        case .integer:
            guard let number = value.integerValue, (0...Self.largestNumber).contains(number) else {
                return note("must be a whole number from 0 to \(Self.largestNumber)")
            }
        case .bool: if value.boolValue == nil { note("must be true or false") }
        case .choice(let values):
            if !values.contains(value.stringValue ?? "") { note("must be " + Self.alternatives(values)) }
        case .list(let element):
            guard let values = value.arrayValue else { return note("must be an array") }
            guard values.count <= DocumentLimits.launchListCount else {
                return note(
                    "has \(values.count) elements; at most \(DocumentLimits.launchListCount) are allowed")
            }
            for (index, value) in values.enumerated() { element.check(value, at: "\(path)[\(index)]", notes) }
        case .object(let members, let required):
            guard let object = value.objectValue else { return note("must be an object") }
            for (key, value) in object.sorted(by: { $0.key < $1.key }) where !notes.isFull {
                if let schema = members[key] {
                    schema.check(value, at: "\(path).\(key)", notes)
                } else {
                    notes.note(
                        .rule, "\(path).\(key)", "is not known" + NearestName.hint(key, among: members.keys))
                }
            }
            for key in required.sorted() where object[key] == nil {
                notes.note(.rule, "\(path).\(key)", "is required")
            }
        case .runInstances(let schema): schema.check(value, at: path, notes)
        case .unsupported(let reason): note(reason)
        case .constant(let wanted, let reason):
            if value.stringValue != wanted { note("must be \(wanted): \(reason)") }
        }
    }

    /// The paths inside a value that RequestSpotInstances has no parameters for.
    func unknownToSpotRequests(_ value: JSONValue, at path: String) -> [String] {
        switch self {
        case .runInstances: [path]
        case .list(let element):
            (value.arrayValue ?? []).enumerated().flatMap { index, value in
                element.unknownToSpotRequests(value, at: "\(path)[\(index)]")
            }
        case .object(let members, _):
            (value.objectValue ?? [:]).sorted(by: { $0.key < $1.key }).flatMap { key, value in
                members[key]?.unknownToSpotRequests(value, at: path.isEmpty ? key : "\(path).\(key)") ?? []
            }
        default: []
        }
    }

    /// EC2's integers have 32 bits.
    private static let largestNumber = Int(Int32.max)

    private static func alternatives(_ values: [String]) -> String {
        guard let last = values.last, values.count > 1 else { return values.first ?? "" }
        return values.dropLast().joined(separator: ", ") + " or " + last
    }
}
