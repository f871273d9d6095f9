/// A service with AWS's query protocol.
package struct QueryService: Hashable, Sendable {
    /// The name in host names, signatures and policies.
    package let name: String
    /// The version of its API.
    package let version: String
    /// The element names from the root of an error response to the error.
    package let errorPath: [String]

    package static let ec2 = QueryService(
        name: "ec2", version: "2016-11-15", errorPath: ["Response", "Errors", "Error"])
    package static let sts = QueryService(
        name: "sts", version: "2011-06-15", errorPath: ["ErrorResponse", "Error"])
    package static let sqs = QueryService(
        name: "sqs", version: "2012-11-05", errorPath: ["ErrorResponse", "Error"])
}
