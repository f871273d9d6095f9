package import Formats
package import FoundationEssentials

/// The body of a create-secret request.
package struct SecretDocument: Hashable, Sendable {
    package let workerType: String
    package let secrets: JSONObject
    package let scopes: [String]
    package let token: String
    package let expiration: Date

    /// Validates a document. The error contains all problems.
    package init(validating document: JSONValue, now: Date) throws(WorkerTypeProblems) {
        let reader = try DocumentReader(
            document: document, allowed: ["workerType", "secrets", "scopes", "token", "expiration"])
        let (object, notes) = (reader.object, reader.notes)
        workerType = reader.string("workerType")
        secrets = reader.object("secrets")
        scopes = reader.scopes("scopes")
        token = reader.string("token")
        let time = reader.string("expiration")
        if object["workerType"]?.stringValue != nil, !WorkerType.isValidName(workerType) {
            notes.note(.schema, "workerType", "must be 1 to 38 letters, digits, - and _")
        }
        if object["token"]?.stringValue != nil, !SlugID.isValid(token) {
            notes.note(.schema, "token", "must be a slugid")
        }
        let parsed = Date(timestamp: time)
        if object["expiration"]?.stringValue != nil, parsed == nil {
            notes.note(.schema, "expiration", "must be a date-time")
        }
        expiration = (parsed ?? .distantPast).wholeMilliseconds
        if notes.problems.isEmpty { checkLimits(now: now, notes) }
        try notes.check()
    }

    private func checkLimits(now: Date, _ notes: ProblemCollector) {
        let depth = JSONValue.object(["secrets": .object(secrets)]).depth
        if depth > DocumentLimits.depth {
            notes.note(
                .rule, "secrets",
                "has more than the \(DocumentLimits.depth - 1) levels of nesting that are allowed")
        }
        let size =
            JSONValue.object(secrets).serializedSize
            + JSONValue.array(scopes.map(JSONValue.string)).serializedSize
        if size > DocumentLimits.secretSize {
            notes.note(
                .rule, "secrets",
                "has with scopes \(size) bytes of JSON; at most \(DocumentLimits.secretSize) are allowed")
        }
        if expiration.timeIntervalSince(now) > DocumentLimits.secretLifetime {
            notes.note(
                .rule, "expiration",
                "must be at most \(Int(DocumentLimits.secretLifetime / 86_400)) days ahead")
        }
    }
}
