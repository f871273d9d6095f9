package import AWS
package import Domain
import Formats
package import HTTPTransport

/// A client of Service Quotas.
package struct QuotaClient: QuotaService {
    private let client: QueryClient
    private let endpoint: Endpoint
    private let ec2: EC2Client

    /// - Parameter caller: the caller that all clients of an iteration share.
    package init(
        caller: ServiceCaller, endpoint: Endpoint, credentials: any CredentialsProvider, ec2: EC2Client
    ) {
        self.endpoint = endpoint
        self.ec2 = ec2
        client = QueryClient(caller: caller, credentials: credentials)
    }

    /// The maximum of quotas in a response.
    private static let pageSize: Int64 = 100
    /// The service `ec2` has fewer than 300 quotas.
    private static let mostPages = 50

    package func quotas(region: String) async throws -> [VCPUQuota] {
        var quotas: [VCPUQuota] = []
        var token: String?
        for _ in 0..<Self.mostPages {
            var parameters: JSONObject = ["ServiceCode": "ec2", "MaxResults": .integer(Self.pageSize)]
            if let token { parameters["NextToken"] = .string(token) }
            let response = try await client.callJSON(
                .listServiceQuotas, parameters, at: endpoint.url(region: region), region: region)
            guard let records = response["Quotas"]?.arrayValue else {
                throw ServiceFailure(unreadable: "it has no list of quotas", .listServiceQuotas)
            }
            quotas += records.compactMap { quota(of: $0, region) }
            token = response["NextToken"]?.stringValue
            if token?.isEmpty ?? true { return quotas }
        }
        throw ServiceFailure(unreadable: "it has more than \(Self.mostPages) pages", .listServiceQuotas)
    }

    /// Nil for quotas of other things, and for values that are no number of vCPUs.
    private func quota(of record: JSONValue, _ region: String) -> VCPUQuota? {
        guard let object = record.objectValue,
            let (market, quotaClass) = (object["QuotaCode"]?.stringValue).flatMap(VCPUQuota.subject(ofCode:)),
            let value = object["Value"]?.doubleValue, let vCPUs = Int(exactly: value.rounded(.down)),
            vCPUs >= 0
        else { return nil }
        return VCPUQuota(VCPUQuota.Subject(market, region, quotaClass), vCPUs: vCPUs)
    }

    package func vCPUs(ofInstanceTypes names: [String], region: String) async throws -> [String: Int] {
        Dictionary(
            try await ec2.instanceTypes(names, region: region).compactMap { type in
                type.vCPUs.map { (type.instanceType, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }
}
