package import AWS
import Domain
import Formats
package import HTTPTransport

/// A client of the Parameter Store of AWS Systems Manager (SSM).
package struct ParameterClient: ParameterService {
    private let client: QueryClient
    private let endpoint: Endpoint

    /// - Parameter caller: the caller that all clients of an iteration share.
    package init(caller: ServiceCaller, endpoint: Endpoint, credentials: any CredentialsProvider) {
        self.endpoint = endpoint
        client = QueryClient(caller: caller, credentials: credentials)
    }

    /// SSM's maximum of names in a call.
    private static let namesPerCall = 10

    package func values(of names: [String], region: String) async throws -> [String: String] {
        let wanted = Set(names)
        var values: [String: String] = [:]
        for start in stride(from: 0, to: names.count, by: Self.namesPerCall) {
            let part = names[start...].prefix(Self.namesPerCall)
            let response = try await client.callJSON(
                .getParameters, ["Names": .array(part.map(JSONValue.string))],
                at: endpoint.url(region: region), region: region)
            for parameter in (response["Parameters"]?.arrayValue ?? []).compactMap(\.objectValue) {
                guard let value = parameter["Value"]?.stringValue else { continue }
                // The response to `/worker:3` has the name `/worker`, and `:3` beside it.
                let version = parameter["Version"]?.integerValue.map { ":\($0)" } ?? ""
                let selectors = parameter["Selector"]?.stringValue.map { [$0] } ?? ["", version]
                for name in [parameter["Name"], parameter["ARN"]].compactMap({ $0?.stringValue }) {
                    for selector in selectors where wanted.contains(name + selector) {
                        values[name + selector] = value
                    }
                }
            }
        }
        return values
    }
}
