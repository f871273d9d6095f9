import Domain
import Formats
import FoundationEssentials
import Storage

/// Takes EC2's notices off their queue: each is stored before its message is deleted.
struct InterruptionDrain: Sendable {
    /// The most batches of messages in one iteration; what is left is there the next time.
    private static let batches = 100

    let database: ProvisionerDatabase
    let source: any InterruptionSource
    let now: Date

    struct Result: Sendable {
        var notices = 0
        /// Messages that are no notices, which are left to the queue's redrive policy.
        var foreign = 0
    }

    func carryOut() async throws -> Result {
        var result = Result()
        var emptyInARow = 0
        for _ in 0..<Self.batches where emptyInARow < 2 && !Task.isCancelled {
            let messages = try await source.receive()
            // An answer asks a part of SQS's servers only: one that is empty does not prove that the queue is.
            emptyInARow = messages.isEmpty ? emptyInARow + 1 : 0
            var notices: [InterruptionNotice] = []
            var done: [String] = []
            for message in messages {
                switch message.content {
                case .notice(let notice): notices.append(notice.noLater(than: now))
                case .idle: break
                case .foreign:
                    result.foreign += 1
                    continue
                }
                done.append(message.handle)
            }
            if !notices.isEmpty { try database.notices.record(notices, now: now) }
            result.notices += notices.count
            if !done.isEmpty { try await source.delete(done) }
        }
        return result
    }
}

extension InterruptionNotice {
    /// A notice from the future would count for too long.
    fileprivate func noLater(than now: Date) -> InterruptionNotice {
        InterruptionNotice(instanceId: instanceId, region: region, kind: kind, at: min(at, now))
    }
}
