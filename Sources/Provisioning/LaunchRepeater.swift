import Algorithms
import Domain
import Formats
import FoundationEssentials
import Storage

/// Repeats the calls of launches that EC2 may not have received, with the same client tokens.
struct LaunchRepeater: Sendable {
    let database: ProvisionerDatabase
    let submitter: LaunchSubmitter
    /// The number of concurrent calls in one region.
    let callsAtOnce: Int
    /// The regions that launches may go to.
    let regions: Set<String>
    /// The names of the worker types that exist.
    let workerTypes: Set<String>

    /// Repeats the calls in the regions that launches may go to, for worker types that still exist. All regions at once, so
    /// that an unresponsive region does not delay the others.
    func repeatCalls(_ launches: [Launch]) async throws -> [BidResult] {
        let repeatable = launches.filter {
            workerTypes.contains($0.workerType) && regions.contains($0.pool.region)
        }
        let byRegion = Dictionary(grouping: repeatable, by: \.pool.region).sorted { $0.key < $1.key }
        return try await byRegion.map(\.value).concurrentMap(atMost: max(1, byRegion.count)) { launches in
            await Result { try await repeatCalls(inRegion: launches) }
        }.flatMap { try $0.get() }
    }

    /// Repeats the calls of one region with one attempt each: the next iteration repeats the calls without a response, and
    /// the calls that were not made.
    private func repeatCalls(inRegion launches: [Launch]) async throws -> [BidResult] {
        var results: [BidResult] = []
        for launches in launches.chunks(ofCount: callsAtOnce) {
            let isUnresponsive =
                results.count >= RoundRefusals.unansweredLimit
                && results.allSatisfy { $0.outcome == .unanswered }
            if isUnresponsive || submitter.reasonToStop != nil { break }
            results += try await Array(launches).concurrentMap(atMost: callsAtOnce) { launch in
                await Result { try await repeatCall(of: launch) }
            }.compactMap { try $0.get() }
        }
        return results
    }

    /// - Returns: nil for a launch whose request is not stored or cannot be read.
    private func repeatCall(of launch: Launch) async throws -> BidResult? {
        do {
            guard let request = try database.launches.request(of: launch) else { return nil }
            var result = try await submitter.submit(
                request, of: launch, for: launch.bid, isRetried: false)
            result.isRepeat = true
            return result
        } catch let error as StorageError {
            database.noteUnreadable("request of launch \(launch.id)", error)
            return nil
        }
    }
}

extension StoredHolds {
    /// Updates the holds from the results of repeated calls. A region is held where the calls of several worker types, or
    /// many calls, had no response again.
    mutating func learn(fromRepeats results: [BidResult], workerTypes: [String: WorkerType]) throws {
        try learn(from: results, workerTypes: workerTypes)
        let byRegion = Dictionary(grouping: results, by: \.bid.pool.region).sorted { $0.key < $1.key }
        for (_, results) in byRegion {
            let isOfRegion =
                results.count >= RoundRefusals.unansweredLimit || Set(results.map(\.bid.workerType)).count > 1
            guard isOfRegion, results.allSatisfy({ $0.outcome == .unanswered }), let first = results.first,
                let failure = first.failure
            else { continue }
            try fail(
                LaunchTarget(first.bid, definition: nil),
                ServiceFailure(kind: .unresponsive, code: failure.code, message: failure.message))
        }
    }
}
