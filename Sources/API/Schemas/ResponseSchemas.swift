import Domain
import Formats

/// The forms of secrets and of what is answered.
enum ResponseSchemas {
    static let lastModified = SchemaPart.form(
        "When a worker type changed",
        ["workerType": SchemaPart.workerType, "lastModified": SchemaPart.time])

    static let workerTypes: JSONObject = [
        "title": "Names of worker types", "type": "array", "items": SchemaPart.workerType,
    ]

    static let summaries: JSONObject = [
        "title": "Summaries of worker types", "type": "array", "items": Schema.workerTypeSummary.reference,
    ]

    static let summary = SchemaPart.form(
        "Summary of a worker type",
        [
            "workerType": SchemaPart.workerType, "minCapacity": SchemaPart.count,
            "maxCapacity": SchemaPart.count, "requestedCapacity": SchemaPart.amount,
            "pendingCapacity": SchemaPart.amount, "runningCapacity": SchemaPart.amount,
        ])

    static let createSecret = SchemaPart.form(
        "Secret",
        [
            "workerType": SchemaPart.workerType, "secrets": SchemaPart.object, "scopes": SchemaPart.scopes,
            "token": SchemaPart.token, "expiration": SchemaPart.time,
        ])

    static let secret = SchemaPart.form(
        "Secret as its worker gets it",
        [
            "data": SchemaPart.object, "scopes": SchemaPart.scopes,
            "credentials": .object(
                SchemaPart.form(
                    "Temporary credentials",
                    [
                        "clientId": SchemaPart.text, "accessToken": SchemaPart.text,
                        "certificate": SchemaPart.text,
                    ])),
        ])

    static let launchSpecs: JSONObject = [
        "title": "Launch specifications by region and instance type", "type": "object",
        "additionalProperties": [
            "type": "object",
            "additionalProperties": .object(
                SchemaPart.form(
                    "Launch specification",
                    [
                        "launchSpec": SchemaPart.object, "secrets": SchemaPart.object,
                        "scopes": SchemaPart.scopes, "userData": SchemaPart.object,
                        "securityToken": SchemaPart.token, "workerType": SchemaPart.workerType,
                    ])),
        ],
    ]

    static let state = SchemaPart.form(
        "What EC2 shows of a worker type",
        [
            "workerType": SchemaPart.workerType,
            "instances": SchemaPart.list(
                .object(
                    SchemaPart.form(
                        "Instance",
                        [
                            "id": SchemaPart.text, "srId": SchemaPart.text, "ami": SchemaPart.text,
                            "type": SchemaPart.text, "region": SchemaPart.text, "zone": SchemaPart.text,
                            "state": SchemaPart.text, "launch": SchemaPart.time,
                            "capacity": SchemaPart.count,
                        ]))),
            "requests": SchemaPart.list(.object(request)),
            "internalTrackedRequests": SchemaPart.list(.object(request)),
            "summary": Schema.workerTypeSummary.reference,
        ])

    private static let request = SchemaPart.form(
        "Request",
        [
            "id": SchemaPart.text, "ami": SchemaPart.text, "type": SchemaPart.text,
            "region": SchemaPart.text, "zone": SchemaPart.text, "time": SchemaPart.time,
            "status": SchemaPart.text, "visibleToEC2Api": SchemaPart.flag,
        ], optional: ["ami"])

    static let backendStatus = SchemaPart.form(
        "Status of the iterations",
        [
            "status": ["type": "string", "enum": ["pending", "healthy", "late", "failing"]],
            "lastCheckedIn": SchemaPart.time,
        ])
}
