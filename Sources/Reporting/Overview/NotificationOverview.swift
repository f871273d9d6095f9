package import Domain
package import Formats
package import FoundationEssentials
package import Storage

/// The problems that notifications announce, and the notifications of the last day that are not sent.
package struct NotificationOverview: Sendable {
    /// An attempt that failed.
    package struct Failure: Sendable {
        package let channel: NotificationRecipient.Channel
        package let message: String
        package let at: Date
    }

    /// The number of problems that have begun and not ended.
    package let problemCount: Int
    package let unsentCount: Int
    /// The last failed attempt to send one of the unsent notifications; nil where none was tried.
    package let lastFailure: Failure?

    package init(_ database: ProvisionerDatabase, now: Date) throws {
        problemCount = try database.notifications.ledger().problems.count { $0.endedAt == nil }
        let unsent = try database.notifications.unsent(since: now.addingTimeInterval(-86_400))
        unsentCount = unsent.count
        lastFailure = unsent.compactMap { record in
            guard let message = record.failure, let at = record.lastAttemptAt else { return nil }
            return Failure(channel: record.delivery.recipient.channel, message: message, at: at)
        }.max { $0.at < $1.at }
    }

    /// The unsent notifications in a sentence; nil where all were sent.
    package var unsentText: String? {
        guard unsentCount > 0 else { return nil }
        let reason = lastFailure.map { ": \($0.channel.rawValue): \($0.message)" } ?? ""
        return "\(unsentCount) notifications of the last day are not sent\(reason)"
    }

    package var json: JSONObject {
        [
            "problemCount": .integer(Int64(problemCount)), "unsentCount": .integer(Int64(unsentCount)),
            "lastFailure": lastFailure.map {
                [
                    "channel": .string($0.channel.rawValue), "message": .string($0.message),
                    "at": .string($0.at.timestamp),
                ]
            } ?? .null,
        ]
    }
}
