import Formats

/// The served JSON schemas, by the names that clients use. Each is the file of its name in the folder Schemas.
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

    /// The served document: the content of the file, with its id below a root.
    func document(rootUrl: String) -> JSONValue {
        var object = content
        object["$id"] = .string("\(rootUrl)/schemas/aws-provisioner/v1/\(rawValue).json#")
        return .object(object)
    }

    /// The schema that a reference names, such as `region-configuration.json#`.
    static func referenced(by reference: String) -> Schema? {
        let suffix = ".json#"
        guard reference.hasSuffix(suffix) else { return nil }
        return Schema(rawValue: String(reference.dropLast(suffix.count)))
    }

    /// The content of the file.
    var content: JSONObject { Self.contents[self] ?? Self.nothing }

    /// A schema that permits no object and no array, so that an error shows no value of a payload.
    static let nothing: JSONObject = ["type": "null"]

    /// The contents of all files, parsed on first use: for a request of a schema, or for an error.
    private static let contents: [Schema: JSONObject] = allCases.reduce(into: [:]) { contents, schema in
        contents[schema] = try? JSONValue(parsing: schema.file).objectValue
    }

    /// The bytes of the file. They are part of the program.
    private var file: [UInt8] {
        switch self {
        case .createWorkerType: PackageResources.create_worker_type_request_json
        case .workerType: PackageResources.get_worker_type_response_json
        case .lastModified: PackageResources.get_worker_type_last_modified_json
        case .workerTypes: PackageResources.list_worker_types_response_json
        case .workerTypeSummaries: PackageResources.list_worker_types_summaries_response_json
        case .workerTypeSummary: PackageResources.worker_type_summary_json
        case .createSecret: PackageResources.create_secret_request_json
        case .secret: PackageResources.get_secret_response_json
        case .launchSpecs: PackageResources.get_launch_specs_response_json
        case .state: PackageResources.state_definition_json
        case .backendStatus: PackageResources.backend_status_response_json
        case .region: PackageResources.region_configuration_json
        case .instanceType: PackageResources.instance_type_configuration_json
        case .availabilityZone: PackageResources.availability_zone_configuration_json
        case .regionLaunchSpec: PackageResources.region_launch_spec_json
        }
    }
}
