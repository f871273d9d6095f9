package import FoundationEssentials

/// A way to send notifications to recipients.
package protocol NotificationChannel: Sendable {
    var channel: NotificationRecipient.Channel { get }

    /// Sends a notification once, without retries.
    ///
    /// - Parameters:
    ///   - address: the address of the recipient.
    ///   - timeout: seconds.
    func send(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) async throws(NotificationFailure)
}
