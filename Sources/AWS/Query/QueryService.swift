/// A service that speaks AWS's query protocol.
package struct QueryService: Hashable, Sendable {
    /// In host names and signatures, and before the actions in a policy.
    package let name: String
    /// Of its API.
    package let version: String
    /// Where the error stands in an answer that is one.
    package let errorPath: [String]

    package static let ec2 = QueryService(
        name: "ec2", version: "2016-11-15", errorPath: ["Response", "Errors", "Error"])
    package static let sts = QueryService(
        name: "sts", version: "2011-06-15", errorPath: ["ErrorResponse", "Error"])
    package static let sqs = QueryService(
        name: "sqs", version: "2012-11-05", errorPath: ["ErrorResponse", "Error"])
}
