/// One place where two JSON documents differ.
///
/// Elements of a list that have a name (an instance type, a zone, a region) are compared by it, so that one more of
/// them is one difference. What stands below a member `secrets` is compared and never shown.
package struct JSONDifference: Hashable, Sendable {
    /// From the root to the place: names of members and of elements.
    package let path: String
    /// Nil where the place is new.
    package let old: JSONValue?
    /// Nil where the place is gone.
    package let new: JSONValue?
    /// Whether the values are secrets: they are hidden here already.
    package let isSecret: Bool

    /// What stands for a secret's value wherever it may not be shown.
    package static let hidden: JSONValue = "<secret>"

    /// All differences, in the order of the paths.
    package static func between(_ old: JSONValue, _ new: JSONValue) -> [JSONDifference] {
        var comparison = Comparison()
        comparison.compare(old, new, Place())
        return comparison.found
    }

    /// As lines of a diff: `-` is what was, `+` what is.
    package var lines: [String] {
        if isSecret, old != nil, new != nil { return ["~ \(path): another value"] }
        return [old.map { "- \(path): \($0.inline)" }, new.map { "+ \(path): \($0.inline)" }].compactMap(
            \.self)
    }

    fileprivate init(_ place: Place, _ old: JSONValue?, _ new: JSONValue?) {
        path = place.path
        isSecret = place.isSecret
        self.old = old.map { place.isSecret ? Self.hidden : $0.hidingSecrets }
        self.new = new.map { place.isSecret ? Self.hidden : $0.hidingSecrets }
    }
}

/// A place in a document.
private struct Place {
    var path = ""
    var last = ""
    var isSecret = false

    func member(_ name: String) -> Place {
        Place(
            path: path.isEmpty ? name : "\(path).\(name)", last: name, isSecret: isSecret || last == "secrets"
        )
    }

    func element(_ name: String) -> Place { Place(path: "\(path)[\(name)]", last: "", isSecret: isSecret) }
}

private struct Comparison {
    var found: [JSONDifference] = []

    /// The members that name an element of a list.
    private static let names = ["instanceType", "availabilityZone", "region", "DeviceName"]

    mutating func compare(_ old: JSONValue?, _ new: JSONValue?, _ place: Place) {
        if old == new { return }
        if place.isSecret {
            found.append(JSONDifference(place, old, new))
        } else if let old = old?.objectValue, let new = new?.objectValue {
            for key in Set(old.keys).union(new.keys).sorted() {
                compare(old[key], new[key], place.member(key))
            }
        } else if let old = old?.arrayValue, let new = new?.arrayValue {
            compare(old, new, place)
        } else {
            found.append(JSONDifference(place, old, new))
        }
    }

    private mutating func compare(_ old: [JSONValue], _ new: [JSONValue], _ place: Place) {
        for name in Self.names {
            if let old = NamedElements(old, by: name), let new = NamedElements(new, by: name) {
                return compare(old, new, place)
            }
        }
        if (old + new).allSatisfy({ $0.stringValue != nil }) {
            let (before, after) = (Set(old), Set(new))
            let gone = old.filter { !after.contains($0) }
            let added = new.filter { !before.contains($0) }
            found +=
                gone.map { JSONDifference(place, $0, nil) } + added.map { JSONDifference(place, nil, $0) }
            if gone.isEmpty && added.isEmpty { found.append(JSONDifference(place, .array(old), .array(new))) }
        } else if old.count == new.count {
            for (index, pair) in zip(old, new).enumerated() {
                compare(pair.0, pair.1, place.element("\(index)"))
            }
        } else {
            found.append(JSONDifference(place, .array(old), .array(new)))
        }
    }

    private mutating func compare(_ old: NamedElements, _ new: NamedElements, _ place: Place) {
        for key in old.keys { compare(old[key], new[key], place.element(key.stringValue ?? "")) }
        for key in new.keys where old[key] == nil {
            compare(nil, new[key], place.element(key.stringValue ?? ""))
        }
        let kept = old.keys.filter { new[$0] != nil }
        let order = new.keys.filter { old[$0] != nil }
        if kept != order {
            found.append(JSONDifference(place.element("order"), .array(kept), .array(order)))
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
