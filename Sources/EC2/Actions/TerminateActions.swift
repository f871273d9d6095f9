import AWS
package import Domain
import Formats

extension EC2Client {
    /// Cancels spot requests, up to 1,000 in a call.
    ///
    /// - Returns: those that EC2 would not cancel, with the reason; the others it did.
    package func cancelSpotRequests(_ ids: [String], region: String) async throws -> [String: ServiceFailure]
    {
        try await act(.cancelSpotInstanceRequests, "SpotInstanceRequestId", on: ids, region: region)
    }

    /// Terminates instances, up to 1,000 in a call.
    ///
    /// - Returns: those that EC2 would not terminate, with the reason; the others it did.
    package func terminateInstances(_ ids: [String], region: String) async throws -> [String: ServiceFailure]
    {
        try await act(.terminateInstances, "InstanceId", on: ids, region: region)
    }

    /// Puts tags on resources.
    package func createTags(_ tags: [String: String], on ids: [String], region: String) async throws {
        var parameters = QueryParameters()
        parameters.add(list: "ResourceId", ids)
        parameters.add(tags: tags, prefix: "")
        try await call(.createTags, parameters, region: region)
    }

    /// Names all ids in one call. One that EC2 does not know, or that it may not touch, refuses them all: the call is
    /// made again without those that the refusal names, or with each half where it names none.
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
    /// The ids that the message names, also inside an ARN.
    fileprivate func named(among ids: [String]) -> [String] {
        let isPart: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let words = Set(message.split { !isPart($0) }.map(String.init))
        return ids.filter(words.contains)
    }

    /// Whether it may be the fault of one id among several.
    fileprivate var concernsIds: Bool { kind == .notFound || kind == .other || kind == .definition }
}
