/// A message of the queue of interruption notices.
package struct InterruptionMessage: Hashable, Sendable {
    /// The receipt handle, which deletes the message.
    package let handle: String
    package let content: Content

    package enum Content: Hashable, Sendable {
        case notice(InterruptionNotice)
        /// An event that needs no action: an instance that starts, for example.
        case idle
        /// A message of another kind. The redrive policy of the queue removes it.
        case foreign
    }

    package init(handle: String, content: Content) {
        self.handle = handle
        self.content = content
    }
}
