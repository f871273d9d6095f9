import Domain
import Formats

/// The served documents: the reference and the schemas.
enum Documents {
    /// The document at a path; nil for other paths.
    static func find(_ path: String, rootUrl: String) -> JSONValue? {
        switch path {
        case "/references/manifest.json":
            return [
                "$schema": "/schemas/common/manifest-v3.json#",
                "references": ["/references/aws-provisioner/v1/api.json"],
            ]
        case "/references/aws-provisioner/v1/api.json":
            return reference
        default:
            let folder = "/schemas/aws-provisioner/v1/"
            guard path.hasPrefix(folder), path.hasSuffix(".json") else { return nil }
            let name = String(path.dropFirst(folder.count).dropLast(".json".count))
            return Schema(rawValue: name)?.document(rootUrl: rootUrl)
        }
    }

    private static var reference: JSONValue {
        [
            "$schema": "/schemas/common/api-reference-v0.json#", "apiVersion": "v1",
            "serviceName": "aws-provisioner", "title": "AWS Provisioner API Documentation",
            "description": "Manages worker types of EC2 instances that run the tasks of a Taskcluster queue.",
            "entries": .array(Route.all.map(entry)),
        ]
    }

    private static func entry(_ route: Route) -> JSONValue {
        var entry: JSONObject = [
            "type": "function", "name": .string(route.name), "title": .string(route.title),
            "description": .string(route.description), "category": .string(route.category),
            "stability": .string(route.stability.rawValue), "method": .string(route.method.lowercased()),
            "route": .string(route.path), "args": .array(route.parameterNames.map(JSONValue.string)),
            "query": [],
        ]
        if let scope = route.scope { entry["scopes"] = .string(scope) }
        if let input = route.input { entry["input"] = .string("v1/\(input.rawValue).json#") }
        if let output = route.output { entry["output"] = .string("v1/\(output.rawValue).json#") }
        return .object(entry)
    }
}
