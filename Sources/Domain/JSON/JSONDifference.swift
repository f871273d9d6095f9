/// One place where two JSON documents differ.
///
/// Elements of a list that have a name (an instance type, a zone, a region) are compared by it, so that one more of
/// them is one difference. What stands below a member `secrets` is compared and never shown.
public struct JSONDifference: Hashable, Sendable {
    /// From the root to the place: names of members and of elements.
    public let path: String
    /// Nil where the place is new.
    public let old: JSONValue?
    /// Nil where the place is gone.
    public let new: JSONValue?
    /// Whether the values are secrets: they are hidden here already.
    public let isSecret: Bool

    /// What stands for a secret's value wherever it may not be shown.
    public static let hidden: JSONValue = "<secret>"

    /// All differences, in the order of the paths.
    public static func between(_ old: JSONValue, _ new: JSONValue) -> [JSONDifference] {
        var comparison = Comparison()
        comparison.compare(old, new, Place())
        return comparison.found
    }

    /// As lines of a diff: `-` is what was, `+` what is.
    public var lines: [String] {
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
        if let name = Self.names.first(where: {
            Self.named(old, by: $0) != nil && Self.named(new, by: $0) != nil
        }),
            let before = Self.named(old, by: name), let after = Self.named(new, by: name)
        {
            for (key, value) in before {
                compare(value, after.first { $0.key == key }?.value, place.element(key))
            }
            for (key, value) in after where !before.contains(where: { $0.key == key }) {
                compare(nil, value, place.element(key))
            }
            let kept = before.map(\.key).filter { key in after.contains { $0.key == key } }
            let order = after.map(\.key).filter(kept.contains)
            if kept != order {
                found.append(
                    JSONDifference(
                        place.element("order"), .array(kept.map(JSONValue.string)),
                        .array(order.map(JSONValue.string))))
            }
        } else if (old + new).allSatisfy({ $0.stringValue != nil }) {
            let gone = old.filter { !new.contains($0) }
            let added = new.filter { !old.contains($0) }
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

    /// The elements with their names; nil when one has none, or shares it with another.
    private static func named(_ list: [JSONValue], by name: String) -> [(key: String, value: JSONValue)]? {
        var named: [(key: String, value: JSONValue)] = []
        for element in list {
            guard let key = element.objectValue?[name]?.stringValue, !named.contains(where: { $0.key == key })
            else { return nil }
            named.append((key, element))
        }
        return named
    }
}

extension JSONValue {
    /// The document with a placeholder for each member of every `secrets`.
    public var hidingSecrets: JSONValue {
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
