/// The recipients of a deployment's notifications, and the channels to them.
package struct NotificationOutlets: Sendable {
    package let recipients: NotificationRecipients
    package let channels: [any NotificationChannel]

    package init(recipients: NotificationRecipients, channels: [any NotificationChannel]) {
        self.recipients = recipients
        self.channels = channels
    }
}
