package import Domain
package import Formats

extension Hold {
    /// The hold as `status --json` and `hold list --json` show it.
    package var json: JSONValue {
        [
            "subject": .string(subject.name), "until": .string(until.timestamp),
            "since": .string(since.timestamp), "code": .string(code), "message": .string(message),
            "failureCount": .integer(Int64(failures)),
            "workerType": subject.workerType.map(JSONValue.string) ?? .null,
        ]
    }

    /// How an operator resolves the cause; nil where the code says it.
    package var advice: String? {
        kind == .noSpotRole
            ? "create the role: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com"
            : nil
    }
}
