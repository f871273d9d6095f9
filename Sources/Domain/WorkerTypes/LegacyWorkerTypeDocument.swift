package import Formats

/// A worker type document of the original service, converted to the API's schema, with a list of the changes.
///
/// The responses and editor files of the original service contain the name and the time of the last change. Older
/// documents spell `canUseOndemand` in two ways and omit empty members. Capacity and price bounds are never completed.
package struct LegacyWorkerTypeDocument: Sendable {
    /// The name in the document.
    package private(set) var name: String?
    /// The converted document, which is not validated.
    package private(set) var document: JSONObject
    /// The changes, each with its path.
    package private(set) var changes: [String] = []

    package init(_ object: JSONObject) throws(WorkerTypeProblems) {
        document = object
        if let named = document.removeValue(forKey: "workerType") {
            guard let text = named.stringValue, WorkerType.isValidName(text) else {
                throw WorkerTypeProblems(problems: [
                    .init(
                        kind: .schema, path: "workerType", message: "must be 1 to 38 letters, digits, - and _"
                    )
                ])
            }
            name = text
            changes.append("workerType: taken as the name")
        }
        if let time = document.removeValue(forKey: "lastModified") {
            changes.append("lastModified: \(time.inline) left out: it says when it was stored there")
        }
        try unifyOndemand()
        for key in ["minCapacity", "canUseOndemand", "canUseSpot", "availabilityZones"]
        where document[key] == .null {
            document[key] = nil
            changes.append("\(key): was null, left out")
        }
        changes += Self.complete(
            &document, "", ["launchSpec": [:], "userData": [:], "secrets": [:], "scopes": .array([])])
        changes += Self.complete(&document, "", ["description": "", "owner": ""])
        completeElements(
            of: "instanceTypes", ["launchSpec": [:], "userData": [:], "secrets": [:], "scopes": .array([])])
        completeElements(of: "regions", ["userData": [:], "secrets": [:], "scopes": .array([])])
        completeElements(of: "availabilityZones", ["launchSpec": [:]])
        dropEmptyZoneScopes()
    }

    private mutating func unifyOndemand() throws(WorkerTypeProblems) {
        guard let other = document.removeValue(forKey: "canUseOnDemand") else { return }
        switch document["canUseOndemand"] {
        case nil, .null:
            document["canUseOndemand"] = other
            changes.append("canUseOnDemand: renamed canUseOndemand (\(other.inline))")
        case other?: changes.append("canUseOnDemand: left out: canUseOndemand says the same")
        case let value?:
            throw WorkerTypeProblems(problems: [
                .init(
                    kind: .schema, path: "canUseOnDemand",
                    message: "is \(other.inline) and canUseOndemand is \(value.inline): leave one out")
            ])
        }
    }

    /// Adds missing members as empty values.
    ///
    /// - Returns: the changes.
    private static func complete(
        _ object: inout JSONObject, _ prefix: String, _ empty: JSONObject
    ) -> [String] {
        var changes: [String] = []
        for (key, value) in empty.sorted(by: { $0.key < $1.key }) {
            guard object[key] == nil || object[key] == .null else { continue }
            changes.append("\(prefix)\(key): was \(object[key] == nil ? "missing" : "null"), now empty")
            object[key] = value
        }
        return changes
    }

    private mutating func completeElements(of list: String, _ empty: JSONObject) {
        guard let elements = document[list]?.arrayValue else { return }
        document[list] = .array(
            elements.enumerated().map { index, element in
                guard var object = element.objectValue else { return element }
                changes += Self.complete(&object, "\(list)[\(index)].", empty)
                return .object(object)
            })
    }

    /// Removes empty scopes of zones, which the schema does not have.
    private mutating func dropEmptyZoneScopes() {
        guard let zones = document["availabilityZones"]?.arrayValue else { return }
        document["availabilityZones"] = .array(
            zones.enumerated().map { index, zone in
                guard var object = zone.objectValue,
                    object["scopes"] == .array([]) || object["scopes"] == .null
                else { return zone }
                object["scopes"] = nil
                changes.append("availabilityZones[\(index)].scopes: left out: it is empty")
                return .object(object)
            })
    }
}
