import Domain
import Formats

/// The form of a worker type and its parts.
enum WorkerTypeSchemas {
    private static func name(_ separators: String) -> JSONValue {
        ["type": "string", "pattern": .string("^[a-z0-9\(separators)]{1,\(DocumentLimits.nameLength)}$")]
    }

    private static let members: JSONObject = [
        "launchSpec": SchemaPart.object, "userData": SchemaPart.object, "secrets": SchemaPart.object,
        "scopes": SchemaPart.scopes, "minCapacity": SchemaPart.count, "maxCapacity": SchemaPart.count,
        "scalingRatio": SchemaPart.amount, "minPrice": SchemaPart.amount, "maxPrice": SchemaPart.amount,
        "canUseOndemand": SchemaPart.flag, "canUseSpot": SchemaPart.flag,
        "instanceTypes": SchemaPart.list(Schema.instanceType.reference, atLeastOne: true),
        "regions": SchemaPart.list(Schema.region.reference, atLeastOne: true),
        "availabilityZones": SchemaPart.list(Schema.availabilityZone.reference),
        "description": SchemaPart.text(atMost: DocumentLimits.descriptionLength),
        "owner": SchemaPart.text(atMost: DocumentLimits.ownerLength),
    ]

    static let create = SchemaPart.form(
        "Worker type", members,
        optional: ["minCapacity", "canUseOndemand", "canUseSpot", "availabilityZones"])

    static let stored = SchemaPart.form(
        "Worker type as stored",
        members.merging(
            ["workerType": SchemaPart.workerType, "lastModified": SchemaPart.time],
            uniquingKeysWith: { first, _ in first }))

    static let instanceType = SchemaPart.form(
        "Instance type",
        [
            "instanceType": name(".-"),
            "capacity": ["type": "integer", "minimum": 1, "maximum": 1_000_000],
            "utility": ["type": "number", "exclusiveMinimum": 0], "launchSpec": SchemaPart.object,
            "userData": SchemaPart.object, "secrets": SchemaPart.object, "scopes": SchemaPart.scopes,
        ])

    static let region = SchemaPart.form(
        "Region",
        [
            "region": name("-"), "launchSpec": Schema.regionLaunchSpec.reference,
            "userData": SchemaPart.object, "secrets": SchemaPart.object, "scopes": SchemaPart.scopes,
        ])

    static let availabilityZone = SchemaPart.form(
        "Availability zone",
        [
            "region": name("-"), "availabilityZone": name("-"), "launchSpec": SchemaPart.object,
            "userData": SchemaPart.object, "secrets": SchemaPart.object,
        ], optional: ["userData", "secrets"])

    static let regionLaunchSpec: JSONObject = [
        "title": "Launch specification of a region", "type": "object",
        "properties": ["ImageId": SchemaPart.text], "required": ["ImageId"],
    ]
}
