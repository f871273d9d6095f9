package import Domain
package import HTTPTransport
import Notifications
import Platform
import SystemPackage
import Taskcluster

extension DeploymentContext {
    /// The recipients and channels of notifications; nil if the settings name no recipient.
    package func notificationOutlets(_ http: HTTPClient) -> NotificationOutlets? {
        let recipients = notificationRecipients
        if recipients.isEmpty { return nil }
        return NotificationOutlets(recipients: recipients, channels: notificationChannels(http))
    }

    private var notificationRecipients: NotificationRecipients {
        var recipients = NotificationRecipients(includesOwners: settings.notifyOwners)
        if let address = settings.notifyAddress {
            recipients.operators.append(NotificationRecipient(.email, address))
        }
        if settings.notifyWebhook != nil { recipients.operators.append(NotificationRecipient(.webhook)) }
        if settings.notifyCommand != nil { recipients.operators.append(NotificationRecipient(.command)) }
        return recipients
    }

    /// The channels of the settings. A channel whose settings are incomplete is an `UnusableChannel`.
    private func notificationChannels(_ http: HTTPClient) -> [any NotificationChannel] {
        let email: (any NotificationChannel)? =
            settings.notifyOwners || settings.notifyAddress != nil ? self.email(http) : nil
        let webhook = settings.notifyWebhook.map { self.webhook($0, http) }
        let command = settings.notifyCommand.map {
            NotificationCommand(words: $0, environment: environment) as any NotificationChannel
        }
        return [email, webhook, command].compactMap(\.self)
    }

    private func email(_ http: HTTPClient) -> any NotificationChannel {
        do {
            if let rootUrl = settings.taskclusterRootUrl, let credentials = try taskclusterCredentials() {
                return NotifyClient(http: http, rootUrl: rootUrl, credentials: credentials)
            }
        } catch {
            return UnusableChannel(.email, problem: "\(error)")
        }
        let names = ["taskclusterRootUrl", "taskclusterClientId", "taskclusterAccessToken"]
        return UnusableChannel(
            .email,
            problem: "e-mail needs " + names.map(SettingsReader.name).joined(separator: ", ")
                + ": the Notify service accepts signed requests only")
    }

    private func webhook(_ url: String, _ http: HTTPClient) -> any NotificationChannel {
        do {
            return Webhook(http: http, url: url, key: try webhookKey())
        } catch {
            return UnusableChannel(.webhook, problem: "\(error)")
        }
    }

    /// The key of the webhook from the settings, else from its file.
    private func webhookKey() throws(Settings.Problems) -> [UInt8] {
        func problem(_ key: String, _ text: String) -> Settings.Problems {
            Settings.Problems(problems: ["\(SettingsReader.name(of: key)) \(text)"])
        }
        if let key = settings.notifyWebhookKey { return Array(key.revealed.utf8) }
        guard let path = settings.notifyWebhookKeyFile else {
            throw problem(
                "notifyWebhook", "needs notifyWebhookKey or notifyWebhookKeyFile, which signs the requests")
        }
        let file: (content: [UInt8], mode: UInt32)
        do {
            let read = try SmallFile.read(path)
            file = (read.content, read.status.permissions.rawValue)
        } catch {
            let reason = AccessDenial.reason(path: path, code: error.rawValue)
            throw problem("notifyWebhookKeyFile", "\(path) cannot be read: \(reason)")
        }
        guard file.mode & 0o007 == 0 else {
            throw problem("notifyWebhookKeyFile", "\(path) is readable by all users: `chmod 640` the file")
        }
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        let key = Array(file.content.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        guard key.count >= Settings.leastWebhookKeySize else {
            throw problem(
                "notifyWebhookKeyFile", "\(path) must contain at least \(Settings.leastWebhookKeySize) bytes")
        }
        return key
    }
}
