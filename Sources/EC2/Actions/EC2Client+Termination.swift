import AWS
package import Domain
import Formats

extension EC2Client {
    /// Cancels spot requests, up to 1,000 in a call.
    ///
    /// - Returns: the failures by the ids of the requests that were not cancelled.
    package func cancelSpotRequests(_ ids: [String], region: String) async throws -> [String: ServiceFailure]
    {
        try await act(.cancelSpotInstanceRequests, "SpotInstanceRequestId", on: ids, region: region)
    }

    /// Terminates instances, up to 1,000 in a call.
    ///
    /// - Returns: the failures by the ids of the instances that were not terminated.
    package func terminateInstances(_ ids: [String], region: String) async throws -> [String: ServiceFailure]
    {
        try await act(.terminateInstances, "InstanceId", on: ids, region: region)
    }

    /// Names all ids in one call. EC2 refuses the whole call for one unknown or protected id. The call is then repeated
    /// without the ids that the failure names, or with each half of the ids when it names none.
    private func act(
        _ action: Action, _ parameter: String, on ids: [String], region: String
    ) async throws -> [String: ServiceFailure] {
        guard !ids.isEmpty else { return [:] }
        var parameters = QueryParameters()
        parameters.add(list: parameter, ids)
        do {
            try await call(action, parameters, region: region)
            return [:]
        } catch let failure as ServiceFailure {
            let named = failure.named(among: ids)
            var refused = Dictionary(uniqueKeysWithValues: Set(named).map { ($0, failure) })
            if !named.isEmpty {
                refused.merge(
                    try await act(
                        action, parameter, on: ids.filter { refused[$0] == nil }, region: region)
                ) { first, _ in first }
            } else if !failure.concernsIds {
                throw failure
            } else if ids.count == 1 {
                refused[ids[0]] = failure
            } else {
                let half = ids.count / 2
                for part in [ids[..<half], ids[half...]] {
                    refused.merge(
                        try await act(action, parameter, on: Array(part), region: region)
                    ) { first, _ in first }
                }
            }
            return refused
        }
    }
}

extension ServiceFailure {
    /// The ids in the message, also inside ARNs.
    fileprivate func named(among ids: [String]) -> [String] {
        let isPart: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let words = Set(message.split { !isPart($0) }.map(String.init))
        return ids.filter(words.contains)
    }

    /// Whether the failure may concern a single id.
    fileprivate var concernsIds: Bool { kind == .notFound || kind == .other || kind == .definition }
}
