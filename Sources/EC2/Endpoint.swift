/// Where a service is asked, for each region.
package struct Endpoint: Sendable {
    private let service: QueryService
    /// The address that takes the place of every region's own; nil for AWS itself.
    private let override: String?

    /// EC2's. Reads `AWS_ENDPOINT_URL_EC2`, else `AWS_ENDPOINT_URL`, as the AWS SDKs do.
    package init(environment: [String: String]) {
        self.init(.ec2, environment: environment)
    }

    init(_ service: QueryService, environment: [String: String]) {
        self.service = service
        let name = "AWS_ENDPOINT_URL"
        override = ["\(name)_\(service.name.uppercased())", name].compactMap { environment[$0] }
            .first { !$0.isEmpty }
    }

    func url(region: String) -> String {
        if let override { return override.hasSuffix("/") ? override : override + "/" }
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return "https://\(service.name).\(region).\(domain)/"
    }
}
