package import Domain
package import FoundationEssentials

/// A channel that the settings select and do not describe completely. Each attempt fails with the problem, so that the
/// iteration continues and its notifications wait.
package struct UnusableChannel: NotificationChannel {
    package let channel: NotificationRecipient.Channel
    /// The settings to correct.
    package let problem: String

    package init(_ channel: NotificationRecipient.Channel, problem: String) {
        self.channel = channel
        self.problem = problem
    }

    package func send(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) async throws(NotificationFailure) {
        throw NotificationFailure(problem, isMisconfiguration: true)
    }
}
