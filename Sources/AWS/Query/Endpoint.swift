/// The URL of a service in each region.
package struct Endpoint: Sendable {
    private let service: QueryService
    /// The URL for all regions; nil for the endpoints of AWS.
    private let override: String?
    private let usesFIPS: Bool
    private let usesDualStack: Bool

    /// The endpoint of EC2. Reads `AWS_ENDPOINT_URL_EC2`, or `AWS_ENDPOINT_URL`, as the AWS SDKs do.
    package init(environment: [String: String]) {
        self.init(.ec2, environment: environment)
    }

    /// Also reads `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`, else `use_fips_endpoint` and
    /// `use_dualstack_endpoint` of the profile. A URL in the environment takes precedence over both.
    package init(_ service: QueryService, environment: [String: String]) {
        self.service = service
        let name = "AWS_ENDPOINT_URL"
        override = ["\(name)_\(service.id)", name].compactMap { environment[$0] }
            .first { !$0.isEmpty }
        guard override == nil else {
            (usesFIPS, usesDualStack) = (false, false)
            return
        }
        // The credentials chain reports files that cannot be read.
        let profile = (try? SharedProfiles(environment: environment))?[
            environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? "default"]
        func isSet(_ variable: String, _ key: String) -> Bool {
            let value = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? profile?[key]
            return value?.lowercased() == "true"
        }
        usesFIPS = isSet("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
        usesDualStack = isSet("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    }

    package func url(region: String) -> String {
        if let override { return override.hasSuffix("/") ? override : override + "/" }
        let partition = Partition(ofRegion: region)
        let suffix = usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
        // All endpoints of GovCloud satisfy FIPS; only those for both address families have an own name.
        let isNamed = usesFIPS && (usesDualStack || partition.id != "aws-us-gov")
        return "https://\(service.name)\(isNamed ? "-fips" : "").\(region).\(suffix)/"
    }
}
