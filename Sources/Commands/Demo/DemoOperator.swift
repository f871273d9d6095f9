import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage
import Synchronization

/// The operator of the demonstration: sets a schedule, pauses a worker type for some minutes, and gets notifications.
struct DemoOperator {
    private let start: Date
    private let notifications = DemoNotifications()

    private static let pausedWorkerType = "test-linux"
    /// Minutes after the start.
    private static let pause = 14..<18
    private static let scheduled = "signing"
    private static let window = 5..<20
    private static let scheduledMinimum = 2

    init(start: Date) { self.start = start }

    private func time(_ minute: Int) -> Date { start.addingTimeInterval(60 * Double(minute)) }

    /// The rules with the schedule.
    func rules() throws -> ProvisioningRules {
        func clock(_ minute: Int) -> Substring { time(minute).timestamp.dropFirst(11).prefix(5) }
        let window = "\(clock(Self.window.lowerBound))-\(clock(Self.window.upperBound))"
        var rules = ProvisioningRules()
        rules.schedules = try Settings.schedules(
            "\(Self.scheduled)=UTC Mon-Sun \(window) min=\(Self.scheduledMinimum)")
        return rules
    }

    /// The channel of the notifications.
    var outlets: NotificationOutlets {
        NotificationOutlets(
            recipients: NotificationRecipients(operators: [NotificationRecipient(.command)]),
            channels: [notifications])
    }

    /// Acts before the iteration of a minute.
    ///
    /// - Returns: texts about what the operator did.
    func act(_ minute: Int, in database: ProvisionerDatabase) throws -> [String] {
        var texts: [String] = []
        if minute == Self.pause.lowerBound {
            let pause = Pause(
                PauseSubject(.workerType, Self.pausedWorkerType), since: time(minute),
                until: time(Self.pause.upperBound), author: "demo", reason: "maintenance")
            try database.pauses.record(pause, by: .program)
            texts.append(
                "operator: pauses \(Self.pausedWorkerType) up to minute \(Self.pause.upperBound)")
        }
        if minute == Self.pause.upperBound {
            texts.append("operator: the pause of \(Self.pausedWorkerType) is over")
        }
        if minute == Self.window.lowerBound {
            texts.append(
                "schedule: minCapacity of \(Self.scheduled) is \(Self.scheduledMinimum) up to minute "
                    + "\(Self.window.upperBound)")
        }
        return texts
    }

    /// Texts about the notifications since the last call.
    func takeNotifications() -> [String] { notifications.take().map { "notification: \($0)" } }
}

/// Collects notifications in memory.
private final class DemoNotifications: NotificationChannel {
    let channel = NotificationRecipient.Channel.command
    private let titles = Mutex<[String]>([])

    func send(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) throws(NotificationFailure) {
        titles.withLock { $0.append(notification.title) }
    }

    func take() -> [String] {
        titles.withLock { titles in
            defer { titles = [] }
            return titles
        }
    }
}
