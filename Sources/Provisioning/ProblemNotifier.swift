import Domain
import FoundationEssentials
import Logging
import Storage

/// Stores the notifications that follow from an iteration, and sends the undelivered ones.
///
/// A notification is stored in the transaction that stores the change of its problem, and an attempt is recorded after it.
/// A crash between the two sends the notification again with the same id: delivery is at least once.
struct ProblemNotifier: Sendable {
    /// Seconds.
    private enum Time {
        /// Of all attempts of an iteration: the next iteration starts after them.
        static let allAttempts: TimeInterval = 20
        static let attempt: TimeInterval = 10
        /// The age after which an undelivered notification is not tried any more.
        static let expiry: TimeInterval = 3600
    }

    /// Notifications that an iteration tries to send.
    private static let limit = 500

    let database: ProvisionerDatabase
    let outlets: NotificationOutlets
    let provisionerId: String
    /// Nothing is sent after it.
    let deadline: Date
    let clock: @Sendable () -> Date
    let random: @Sendable (Int) throws -> [UInt8]
    let log: Logger

    /// Stores and sends. Failures are logged: the iteration does not depend on them.
    func notify(of observation: ProblemObservation) async {
        do {
            let now = clock()
            try store(observation, now: now)
            let expired = try database.notifications.expire(
                createdBefore: now.addingTimeInterval(-Time.expiry))
            if expired > 0 {
                log.error("\(expired) notifications could not be sent for an hour: they are given up")
            }
            try await sendPending(until: min(deadline, now.addingTimeInterval(Time.allAttempts)))
        } catch {
            log.error("notifications: \(error)")
        }
    }

    private func store(_ observation: ProblemObservation, now: Date) throws {
        let earlier = try database.notifications.ledger()
        var ledger = earlier
        let changes = ledger.add(observation, now: now)
        let deliveries = try outlets.recipients.deliveries(
            of: changes, provisionerId: provisionerId, now: now
        ) { SlugID.make(random: try random(16)) }
        try database.notifications.record(ledger, replacing: earlier, deliveries: deliveries, now: now)
    }

    private func sendPending(until end: Date) async throws {
        let pending = Dictionary(
            grouping: try database.notifications.pending(limit: Self.limit), by: \.recipient.channel)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for channel in outlets.channels {
                let deliveries = pending[channel.channel] ?? []
                group.addTask { try await send(deliveries, by: channel, until: end) }
            }
            try await group.waitForAll()
        }
    }

    /// Sends one notification after the other, up to a failure that concerns all of them.
    private func send(
        _ deliveries: [NotificationDelivery], by channel: any NotificationChannel, until end: Date
    ) async throws {
        for delivery in deliveries {
            let left = end.timeIntervalSince(clock())
            guard left > 0, !Task.isCancelled else { return }
            do throws(NotificationFailure) {
                try await channel.send(
                    delivery.notification, to: delivery.recipient.address, timeout: min(Time.attempt, left))
            } catch {
                // A signal ended the attempt: the failure is not that of the recipient.
                if Task.isCancelled { return }
                log.warning("notification \(delivery.id): \(error.message)")
                try database.notifications.recordAttempt(delivery.id, failure: error.message, now: clock())
                if error.concernsChannel { return }
                continue
            }
            try database.notifications.recordAttempt(delivery.id, failure: nil, now: clock())
        }
    }
}
