public import FoundationEssentials

/// The body of a create-secret request.
public struct SecretDocument: Hashable, Sendable {
    public let workerType: String
    public let secrets: JSONObject
    public let scopes: [String]
    public let token: String
    public let expiration: Date

    /// Reads the API's JSON form, and reports all that is wrong with it at once.
    public init(validating document: JSONValue) throws(WorkerTypeProblems) {
        let form = try FormReader(
            document: document, allowed: ["workerType", "secrets", "scopes", "token", "expiration"])
        let (object, notes) = (form.object, form.notes)
        workerType = form.string("workerType")
        secrets = form.object("secrets")
        scopes = form.scopes("scopes")
        token = form.string("token")
        let time = form.string("expiration")
        if object["workerType"]?.stringValue != nil, !WorkerType.isValidName(workerType) {
            notes.note(.form, "workerType", "must be 1 to 38 letters, digits, - and _")
        }
        if object["token"]?.stringValue != nil, !SlugID.isValid(token) {
            notes.note(.form, "token", "must be a slugid")
        }
        let parsed = Date(timestamp: time)
        if object["expiration"]?.stringValue != nil, parsed == nil {
            notes.note(.form, "expiration", "must be a date-time")
        }
        expiration = (parsed ?? .distantPast).wholeMilliseconds
        try notes.check()
    }
}
