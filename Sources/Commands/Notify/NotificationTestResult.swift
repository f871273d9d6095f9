import Domain
import Formats

/// The result of a test notification.
struct NotificationTestResult: Sendable {
    /// Seconds.
    private static let timeout = 10.0

    let channel: NotificationRecipient.Channel
    let id: String
    private let address: String
    /// Nil for a sent notification.
    let failure: NotificationFailure?

    /// Sends a notification once.
    init(
        sendingBy channel: any NotificationChannel, to recipient: NotificationRecipient,
        _ notification: ProblemNotification
    ) async {
        self.channel = channel.channel
        id = notification.id
        address = recipient.address
        do throws(NotificationFailure) {
            try await channel.send(notification, to: recipient.address, timeout: Self.timeout)
            failure = nil
        } catch {
            failure = error
        }
    }

    /// One sentence.
    var message: String {
        failure?.message ?? "notification \(id)" + (address.isEmpty ? "" : " to \(address)")
    }

    var json: JSONValue {
        [
            "channel": .string(channel.rawValue), "ok": .bool(failure == nil), "notificationId": .string(id),
            "message": .string(message),
        ]
    }
}
