/// A service with AWS's query protocol, or its JSON protocol.
package struct QueryService: Hashable, Sendable {
    /// The name in host names, signatures and policies.
    package let name: String
    /// The name in environment variables of the AWS SDKs.
    let id: String
    /// The version of its API; empty for the JSON protocol.
    package let version: String
    /// The element names from the root of an error response to the error.
    package let errorPath: [String]
    /// The part of the header `X-Amz-Target` before the action; nil for the query protocol.
    let target: String?

    private init(
        name: String, id: String? = nil, version: String = "", errorPath: [String] = [], target: String? = nil
    ) {
        self.name = name
        self.id = id ?? name.uppercased()
        self.version = version
        self.errorPath = errorPath
        self.target = target
    }

    package static let ec2 = QueryService(
        name: "ec2", version: "2016-11-15", errorPath: ["Response", "Errors", "Error"])
    package static let sts = QueryService(
        name: "sts", version: "2011-06-15", errorPath: ["ErrorResponse", "Error"])
    package static let sqs = QueryService(
        name: "sqs", version: "2012-11-05", errorPath: ["ErrorResponse", "Error"])
    package static let ssm = QueryService(name: "ssm", target: "AmazonSSM")
    package static let serviceQuotas = QueryService(
        name: "servicequotas", id: "SERVICE_QUOTAS", target: "ServiceQuotasV20190624")
}
