import Domain
import Formats
import FoundationEssentials
import Storage

/// Receives EC2's notices from their queue. Each notice is stored before its message is deleted.
struct InterruptionDrain: Sendable {
    /// The most batches of messages in one iteration. The next iteration receives the rest.
    private static let maxBatches = 100

    let database: ProvisionerDatabase
    let source: any InterruptionSource
    let now: Date

    struct Result: Sendable {
        var notices = 0
        /// Messages that are no notices. They stay for the queue's redrive policy.
        var foreign = 0
    }

    func drain() async throws -> Result {
        var result = Result()
        var emptyInARow = 0
        for _ in 0..<Self.maxBatches where emptyInARow < 2 && !Task.isCancelled {
            let messages = try await source.receive()
            // A call samples some servers of SQS: one empty response does not mean that the queue is empty.
            emptyInARow = messages.isEmpty ? emptyInARow + 1 : 0
            var notices: [InterruptionNotice] = []
            var handles: [String] = []
            for message in messages {
                switch message.content {
                case .notice(let notice): notices.append(notice.noLater(than: now))
                case .idle: break
                case .foreign:
                    result.foreign += 1
                    continue
                }
                handles.append(message.handle)
            }
            if !notices.isEmpty { try database.notices.record(notices, now: now) }
            result.notices += notices.count
            if !handles.isEmpty { try await source.delete(handles) }
        }
        return result
    }
}

extension InterruptionNotice {
    /// The notice with a time that is not in the future, where it would count for too long.
    fileprivate func noLater(than now: Date) -> InterruptionNotice {
        InterruptionNotice(instanceId: instanceId, region: region, kind: kind, at: min(at, now))
    }
}
