/// A notification for one recipient.
package struct NotificationDelivery: Hashable, Sendable {
    package let recipient: NotificationRecipient
    package let notification: ProblemNotification

    package init(_ notification: ProblemNotification, to recipient: NotificationRecipient) {
        self.recipient = recipient
        self.notification = notification
    }

    package var id: String { notification.id }
}
