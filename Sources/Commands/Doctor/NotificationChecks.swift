import Configuration
import Domain
import FoundationEssentials
import HTTPTransport
import Notifications
import Platform
import Reporting
import Storage

/// Checks the settings of notifications, and their last deliveries.
struct NotificationChecks {
    let deployment: DeploymentContext

    private static let subject = "notifications"

    /// Empty if the settings name no recipient.
    func findings(_ database: ProvisionerDatabase?, now: Date) -> [Finding] {
        guard let outlets = deployment.notificationOutlets(HTTPClient()) else { return [] }
        let unusable = outlets.channels.compactMap { $0 as? UnusableChannel }
        if !unusable.isEmpty {
            return unusable.map {
                .failed("notifications: \($0.channel.rawValue)", $0.problem, .configuration)
            }
        }
        return [configured(outlets), undelivered(database, now: now)].compactMap(\.self)
    }

    private func configured(_ outlets: NotificationOutlets) -> Finding {
        let names = outlets.channels.map(\.channel.rawValue).joined(separator: ", ")
        let scope =
            outlets.channels.contains { $0.channel == .email }
            ? "; e-mail needs the scope notify:email:* of the client \(deployment.settings.taskclusterClientId ?? "")"
            : ""
        return .ok(Self.subject, "\(names)\(scope); `aws-provisioner notify test` sends a notification")
    }

    /// The notifications of the last day that were not sent. Nil if all were sent.
    private func undelivered(_ database: ProvisionerDatabase?, now: Date) -> Finding? {
        (try? database.map { try NotificationOverview($0, now: now) })?.unsentText.map {
            .note("sent notifications", $0)
        }
    }
}
