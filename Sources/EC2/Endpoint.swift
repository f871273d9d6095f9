/// Where EC2 is asked, for each region.
public struct Endpoint: Sendable {
    /// The address that takes the place of every region's own; nil for AWS itself.
    let override: String?

    /// Reads `AWS_ENDPOINT_URL_EC2`, else `AWS_ENDPOINT_URL`, as the AWS SDKs do.
    public init(environment: [String: String]) {
        let named = environment["AWS_ENDPOINT_URL_EC2"] ?? environment["AWS_ENDPOINT_URL"]
        override = named.flatMap { $0.isEmpty ? nil : $0 }
    }

    func url(region: String) -> String {
        if let override { return override.hasSuffix("/") ? override : override + "/" }
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return "https://ec2.\(region).\(domain)/"
    }
}
