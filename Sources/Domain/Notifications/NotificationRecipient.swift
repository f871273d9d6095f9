/// A recipient of notifications.
package struct NotificationRecipient: Hashable, Sendable {
    /// The way to a recipient.
    package enum Channel: String, Sendable, CaseIterable {
        /// The Notify service of Taskcluster.
        case email
        case webhook, command
    }

    package let channel: Channel
    /// An e-mail address; empty for the other channels, which have one recipient.
    package let address: String

    package init(_ channel: Channel, _ address: String = "") {
        self.channel = channel
        self.address = address
    }

    /// Whether a text has the form of an e-mail address.
    package static func isAddress(_ text: String) -> Bool {
        let sides = text.split(separator: "@", omittingEmptySubsequences: false)
        return sides.count == 2 && sides.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"<>,;:\"\\()[]".utf8.contains($0) }
    }
}
