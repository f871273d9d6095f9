import Formats

@testable import Domain

/// Documents for every member of a shape, and comparisons of the shape with EC2's service model.
extension LaunchSpecificationSchema {
    /// Documents that together have every member in every form: each member by itself, and all at once.
    var documents: [JSONObject] {
        samples("").compactMap(\.objectValue).map { document in
            document.merging(
                ["ImageId": "ami-1", "InstanceType": "c5.large"], uniquingKeysWith: { own, _ in own })
        }
    }

    private func samples(_ name: String) -> [JSONValue] {
        switch self {
        case .nonEmptyString: [.string("a \(name) & more")]
        case .string: [.string("a \(name)"), ""]
        case .integer: [7, .number(8)]
        case .bool: [true, false]
        case .choice(let values): values.map(JSONValue.string)
        case .constant(let value, _): [.string(value)]
        case .unsupported: []
        case .runInstances(let shape): shape.samples(name)
        case .list(let element):
            element.samples(name).map { [$0] } + [.array(element.samples(name))]
        case .object(let members, let required):
            members.sorted { $0.key < $1.key }.flatMap { key, shape in
                shape.samples(key).map { value in
                    .object(
                        members.filter { required.contains($0.key) }
                            .compactMapValues { $0.samples("required").first }
                            .merging([key: value], uniquingKeysWith: { _, member in member }))
                }
            } + [
                .object(
                    Dictionary(
                        uniqueKeysWithValues: members.compactMap { key, shape in
                            // Network interfaces and an addressing type exclude each other.
                            key == "AddressingType" ? nil : shape.samples(key).last.map { (key, $0) }
                        }))
            ]
        }
    }

    /// Differences from the service model of RunInstances.
    func differences(from model: JSONObject, at path: String) -> [String] {
        let type = model["type"]?.stringValue ?? "none"
        let choices = (model["enum"]?.arrayValue ?? []).compactMap(\.stringValue)
        switch self {
        case .nonEmptyString, .string: return type == "string" ? [] : ["\(path) is \(type)"]
        case .integer: return type == "integer" ? [] : ["\(path) is \(type)"]
        case .bool: return type == "boolean" ? [] : ["\(path) is \(type)"]
        case .choice(LaunchSpecification.taggedResources):
            return Set(LaunchSpecification.taggedResources).isSubset(of: choices)
                ? [] : ["\(path): \(choices)"]
        case .choice(let values): return Set(values) == Set(choices) ? [] : ["\(path) is one of \(choices)"]
        case .constant(let value, _): return choices.contains(value) ? [] : ["\(path) is one of \(choices)"]
        case .unsupported: return []
        case .runInstances(let shape): return shape.differences(from: model, at: path)
        case .list(let element):
            guard type == "list", let inner = model["element"]?.objectValue else {
                return ["\(path) is \(type)"]
            }
            return element.differences(from: inner, at: path + "[]")
        case .object(let members, let required):
            guard type == "object", var known = model["members"]?.objectValue else {
                return ["\(path) is \(type)"]
            }
            if path.isEmpty {
                // The original's names for what RunInstances calls Monitoring.Enabled and asks network interfaces.
                known["MonitoringEnabled"] = ["type": "boolean"]
                known["AddressingType"] = ["type": "string", "enum": ["public", "private"]]
            }
            let needed = (model["required"]?.arrayValue ?? []).compactMap(\.stringValue)
            return Set(members.keys).symmetricDifference(known.keys).sorted().map {
                "\(path).\($0) is in one only"
            }
                + (path.isEmpty
                    ? [] : needed.filter { !required.contains($0) }.map { "\(path).\($0) is required" })
                + members.sorted { $0.key < $1.key }.flatMap { key, shape in
                    known[key]?.objectValue.map { shape.differences(from: $0, at: "\(path).\(key)") } ?? []
                }
        }
    }

    /// Members whose mark is not what the service model of RequestSpotInstances' launch specification says.
    func membersUnknown(to model: JSONObject, at path: String) -> [String] {
        switch self {
        case .list(let element):
            return element.membersUnknown(to: model["element"]?.objectValue ?? [:], at: path + "[]")
        case .object(let members, _):
            var known = model["members"]?.objectValue ?? [:]
            if path.isEmpty {
                known["MonitoringEnabled"] = ["type": "boolean"]
                // Tags stand beside the launch specification; the shutdown behaviour needs no saying.
                known["TagSpecifications"] = ["type": "list"]
                known["InstanceInitiatedShutdownBehavior"] = ["type": "string"]
            }
            return Set(known.keys).subtracting(members.keys).sorted().map {
                "\(path).\($0) is not in the table"
            }
                + members.sorted { $0.key < $1.key }.flatMap { key, shape -> [String] in
                    let place = "\(path).\(key)"
                    if key == "TagSpecifications" { return [] }
                    switch (shape, known[key]?.objectValue) {
                    case (.unsupported, _), (.runInstances, nil): return []
                    case (.runInstances, _?): return ["\(place) is known"]
                    case (_, nil): return ["\(place) is unknown"]
                    case (_, let inner?): return shape.membersUnknown(to: inner, at: place)
                    }
                }
        default: return []
        }
    }
}
