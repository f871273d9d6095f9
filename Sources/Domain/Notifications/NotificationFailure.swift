/// A failed attempt to send a notification. The message contains no secret.
package struct NotificationFailure: Error, Hashable, Sendable {
    package let message: String
    /// Whether the failure concerns all recipients of the channel.
    package let concernsChannel: Bool
    /// Whether a setting has to be corrected.
    package let isMisconfiguration: Bool

    package init(_ message: String, concernsChannel: Bool = true, isMisconfiguration: Bool = false) {
        self.message = message
        self.concernsChannel = concernsChannel
        self.isMisconfiguration = isMisconfiguration
    }
}
