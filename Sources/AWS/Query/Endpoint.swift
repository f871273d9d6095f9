/// The URL of a service in each region.
package struct Endpoint: Sendable {
    private let service: QueryService
    /// The URL for all regions; nil for the endpoints of AWS.
    private let override: String?

    /// The endpoint of EC2. Reads `AWS_ENDPOINT_URL_EC2`, or `AWS_ENDPOINT_URL`, as the AWS SDKs do.
    package init(environment: [String: String]) {
        self.init(.ec2, environment: environment)
    }

    package init(_ service: QueryService, environment: [String: String]) {
        self.service = service
        let name = "AWS_ENDPOINT_URL"
        override = ["\(name)_\(service.name.uppercased())", name].compactMap { environment[$0] }
            .first { !$0.isEmpty }
    }

    package func url(region: String) -> String {
        if let override { return override.hasSuffix("/") ? override : override + "/" }
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return "https://\(service.name).\(region).\(domain)/"
    }
}
