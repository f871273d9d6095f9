import ArgumentParser
import Configuration
import Cryptography
import Domain
import Formats
import FoundationEssentials
import HTTPTransport
import Platform

struct NotifyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify", abstract: "Test the notifications of problems.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Send a test notification by each configured channel.",
            discussion: """
                E-mail goes to --address, by default to the setting notifyAddress. Exits with 78 if no channel is \
                configured or the settings of one are wrong, and with 69 if a service does not accept the \
                notification.

                Example: aws-provisioner notify test --address you@example.com
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "The recipient of the e-mail.") var address: String?
        @OptionGroup var json: JSONOption

        func validate() throws {
            if let address, !NotificationRecipient.isAddress(address) {
                throw ValidationError("--address must be an e-mail address such as you@example.com")
            }
        }

        func run() async throws {
            let deployment = try common.deployment()
            guard let outlets = deployment.notificationOutlets(HTTPClient()) else {
                throw CommandFailure(
                    .configuration,
                    "no recipient is configured: set notifyOwners, notifyAddress, notifyWebhook or notifyCommand"
                )
            }
            var results: [NotificationTestResult] = []
            for channel in outlets.channels {
                var recipient = NotificationRecipient(channel.channel)
                if channel.channel == .email {
                    guard let address = address ?? deployment.settings.notifyAddress else {
                        throw CommandFailure(
                            .usage,
                            "name the recipient of the e-mail with --address: notifyAddress is not set")
                    }
                    recipient = NotificationRecipient(.email, address)
                }
                results.append(
                    await NotificationTestResult(
                        sendingBy: channel, to: recipient,
                        ProblemNotification(
                            testWithId: SlugID.make(random: try SecureRandom.bytes(16)),
                            provisionerId: deployment.settings.provisionerId, at: Date())))
            }
            try show(results)
            let failures = results.compactMap(\.failure)
            if failures.contains(where: \.isMisconfiguration) {
                throw ExitCode(SystemExit.configuration.rawValue)
            }
            if !failures.isEmpty { throw ExitCode(SystemExit.unavailable.rawValue) }
        }

        private func show(_ results: [NotificationTestResult]) throws {
            if json.isSet {
                return try Terminal.print(document: ["notifications": .array(results.map(\.json))])
            }
            var table = TextTable("channel", "state", .init("", .wrapped))
            for result in results {
                table.add(result.channel.rawValue, result.failure == nil ? "sent" : "failed", result.message)
            }
            Terminal.print(table.shown())
        }
    }
}
