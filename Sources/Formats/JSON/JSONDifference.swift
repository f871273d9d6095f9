/// One difference between two JSON documents.
///
/// List elements with a name (an instance type, a zone, a region) are compared by name, so that an added element is one
/// difference. Values below a member `secrets` are compared and never shown.
package struct JSONDifference: Hashable, Sendable {
    /// The names of members and elements from the root.
    package let path: String
    /// Nil for an added value.
    package let old: JSONValue?
    /// Nil for a removed value.
    package let new: JSONValue?
    /// Whether the values are secrets, which are replaced by `hidden`.
    package let isSecret: Bool

    /// The placeholder of a secret's value.
    package static let hidden: JSONValue = "<secret>"

    /// All differences, in the order of the paths.
    package static func between(_ old: JSONValue, _ new: JSONValue) -> [JSONDifference] {
        var comparison = Comparison()
        comparison.compare(old, new, JSONPath())
        return comparison.found
    }

    /// The lines of a diff: `-` for the old value, `+` for the new one.
    package var lines: [String] {
        if isSecret, old != nil, new != nil { return ["~ \(path): another value"] }
        return [old.map { "- \(path): \($0.inline)" }, new.map { "+ \(path): \($0.inline)" }].compactMap(
            \.self)
    }

    fileprivate init(_ location: JSONPath, _ old: JSONValue?, _ new: JSONValue?) {
        path = location.text
        isSecret = location.isSecret
        self.old = old.map { location.isSecret ? Self.hidden : $0.hidingSecrets }
        self.new = new.map { location.isSecret ? Self.hidden : $0.hidingSecrets }
    }
}

/// The path of a value in a document.
private struct JSONPath {
    var text = ""
    var last = ""
    var isSecret = false

    func member(_ name: String) -> JSONPath {
        JSONPath(
            text: text.isEmpty ? name : "\(text).\(name)", last: name, isSecret: isSecret || last == "secrets"
        )
    }

    func element(_ name: String) -> JSONPath {
        JSONPath(text: "\(text)[\(name)]", last: "", isSecret: isSecret)
    }
}

private struct Comparison {
    var found: [JSONDifference] = []

    /// The members that contain the name of a list element.
    private static let names = ["instanceType", "availabilityZone", "region", "DeviceName"]

    mutating func compare(_ old: JSONValue?, _ new: JSONValue?, _ path: JSONPath) {
        if old == new { return }
        if path.isSecret {
            found.append(JSONDifference(path, old, new))
        } else if let old = old?.objectValue, let new = new?.objectValue {
            for key in Set(old.keys).union(new.keys).sorted() {
                compare(old[key], new[key], path.member(key))
            }
        } else if let old = old?.arrayValue, let new = new?.arrayValue {
            compare(old, new, path)
        } else {
            found.append(JSONDifference(path, old, new))
        }
    }

    private mutating func compare(_ old: [JSONValue], _ new: [JSONValue], _ path: JSONPath) {
        for name in Self.names {
            if let old = NamedElements(old, by: name), let new = NamedElements(new, by: name) {
                return compare(old, new, path)
            }
        }
        if (old + new).allSatisfy({ $0.stringValue != nil }) {
            let (before, after) = (Set(old), Set(new))
            let gone = old.filter { !after.contains($0) }
            let added = new.filter { !before.contains($0) }
            found +=
                gone.map { JSONDifference(path, $0, nil) } + added.map { JSONDifference(path, nil, $0) }
            if gone.isEmpty && added.isEmpty { found.append(JSONDifference(path, .array(old), .array(new))) }
        } else if old.count == new.count {
            for (index, pair) in zip(old, new).enumerated() {
                compare(pair.0, pair.1, path.element("\(index)"))
            }
        } else {
            found.append(JSONDifference(path, .array(old), .array(new)))
        }
    }

    private mutating func compare(_ old: NamedElements, _ new: NamedElements, _ path: JSONPath) {
        for key in old.keys { compare(old[key], new[key], path.element(key.stringValue ?? "")) }
        for key in new.keys where old[key] == nil {
            compare(nil, new[key], path.element(key.stringValue ?? ""))
        }
        let kept = old.keys.filter { new[$0] != nil }
        let order = new.keys.filter { old[$0] != nil }
        if kept != order {
            found.append(JSONDifference(path.element("order"), .array(kept), .array(order)))
        }
    }
}

/// The elements of a list by their names.
private struct NamedElements {
    /// The names in the order of the list. They are JSON values, which compare in linear time.
    private(set) var keys: [JSONValue] = []
    private var values: [JSONValue: JSONValue] = [:]

    /// Nil when an element has no name, or has the name of another.
    init?(_ list: [JSONValue], by member: String) {
        for element in list {
            guard let key = element.objectValue?[member], key.stringValue != nil,
                values.updateValue(element, forKey: key) == nil
            else { return nil }
            keys.append(key)
        }
    }

    subscript(key: JSONValue) -> JSONValue? { values[key] }
}

extension JSONValue {
    /// The document with a placeholder for each member of every `secrets`.
    package var hidingSecrets: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    uniqueKeysWithValues: object.map { key, value in
                        guard key == "secrets", let secrets = value.objectValue else {
                            return (key, value.hidingSecrets)
                        }
                        return (key, .object(secrets.mapValues { _ in JSONDifference.hidden }))
                    }))
        case .array(let values): .array(values.map(\.hidingSecrets))
        default: self
        }
    }
}
