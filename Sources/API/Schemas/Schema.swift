import Domain
import Formats

/// The JSON schemas that are served, by the names that clients know.
enum Schema: String, CaseIterable, Sendable {
    case createWorkerType = "create-worker-type-request"
    case workerType = "get-worker-type-response"
    case lastModified = "get-worker-type-last-modified"
    case workerTypes = "list-worker-types-response"
    case workerTypeSummaries = "list-worker-types-summaries-response"
    case workerTypeSummary = "worker-type-summary"
    case createSecret = "create-secret-request"
    case secret = "get-secret-response"
    case launchSpecs = "get-launch-specs-response"
    case state = "state-definition"
    case backendStatus = "backend-status-response"
    case region = "region-configuration"
    case instanceType = "instance-type-configuration"
    case availabilityZone = "availability-zone-configuration"
    case regionLaunchSpec = "region-launch-spec"

    /// The whole document, its id under a root.
    func document(rootUrl: String) -> JSONValue {
        var object = form
        object["$schema"] = "http://json-schema.org/draft-06/schema#"
        object["$id"] = .string("\(rootUrl)/schemas/aws-provisioner/v1/\(rawValue).json#")
        return .object(object)
    }

    /// A reference from one of them to another.
    var reference: JSONValue { ["$ref": .string(rawValue + ".json#")] }

    /// The schema without its id.
    var form: JSONObject {
        switch self {
        case .createWorkerType: WorkerTypeSchemas.create
        case .workerType: WorkerTypeSchemas.stored
        case .region: WorkerTypeSchemas.region
        case .instanceType: WorkerTypeSchemas.instanceType
        case .availabilityZone: WorkerTypeSchemas.availabilityZone
        case .regionLaunchSpec: WorkerTypeSchemas.regionLaunchSpec
        case .lastModified: ResponseSchemas.lastModified
        case .workerTypes: ResponseSchemas.workerTypes
        case .workerTypeSummaries: ResponseSchemas.summaries
        case .workerTypeSummary: ResponseSchemas.summary
        case .createSecret: ResponseSchemas.createSecret
        case .secret: ResponseSchemas.secret
        case .launchSpecs: ResponseSchemas.launchSpecs
        case .state: ResponseSchemas.state
        case .backendStatus: ResponseSchemas.backendStatus
        }
    }
}

/// The parts that schemas are put together from.
enum SchemaPart {
    static let text: JSONValue = ["type": "string"]
    static let object: JSONValue = ["type": "object"]
    static let flag: JSONValue = ["type": "boolean"]
    static let time: JSONValue = ["type": "string", "format": "date-time"]
    static let count: JSONValue = ["type": "integer", "minimum": 0, "maximum": 1_000_000]
    static let amount: JSONValue = ["type": "number", "minimum": 0]
    static let scopes: JSONValue = list(["type": "string", "pattern": "^[ -~]*$"])
    static let workerType: JSONValue = ["type": "string", "pattern": "^[a-zA-Z0-9-_]{1,38}$"]
    static let token: JSONValue = [
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{8}[Q-T][A-Za-z0-9_-][CGKOSWaeimquy26-][A-Za-z0-9_-]{10}[AQgw]$",
    ]

    static func text(atMost length: Int) -> JSONValue {
        ["type": "string", "maxLength": .integer(Int64(length))]
    }

    static func list(_ items: JSONValue, atLeastOne: Bool = false) -> JSONValue {
        atLeastOne
            ? ["type": "array", "items": items, "minItems": 1] : ["type": "array", "items": items]
    }

    /// An object with these members and no others; those not named as optional are required.
    static func form(
        _ title: String, _ members: JSONObject, optional: Set<String> = []
    ) -> JSONObject {
        [
            "title": .string(title), "type": "object", "properties": .object(members),
            "required": .array(members.keys.filter { !optional.contains($0) }.sorted().map(JSONValue.string)),
            "additionalProperties": false,
        ]
    }
}
