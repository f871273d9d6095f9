import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Glibc
import Reporting
import Storage

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract:
            "Show decisions, launches, refusals, interruptions, terminations, failures, changes and notifications.",
        discussion:
            """
            An iteration without an action makes no event. --follow runs until it is interrupted. --kind and \
            --worker-type take several values separated by commas, or are repeated.

            Example: aws-provisioner events --since 1d --kind refused,interrupted
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "Show events of this last time.") var since = DurationArgument(seconds: 3600)
    @Option(help: "Only events of these worker types.") var workerType: [ListArgument<WorkerTypeArgument>] =
        []
    @Option(name: .customLong("kind"), help: "Only events of these kinds.")
    var kinds: [ListArgument<Event.Kind>] = []
    @Flag(name: .shortAndLong, help: "Continue with new events.") var follow = false
    @Option(help: "Time between two reads of the database, with --follow.") var interval = DurationArgument(
        seconds: 2)
    @OptionGroup var json: JSONOption

    func validate() throws {
        guard interval.seconds >= 0.1, interval.seconds <= 3600 else {
            throw ValidationError("--interval must be from 0.1s to 1h")
        }
    }

    func run() async throws {
        let database = try common.deployment().openDatabase(.readOnly)
        for type in workerType.values() { try database.requireWorkerType(type.name) }
        if !follow {
            var place = Place(since: Date() - since.seconds)
            return try place.news(in: database).filter(isWanted).forEach(show)
        }
        try await withCancellationBySignals { [self] in
            var place = Place(since: Date() - since.seconds)
            while !Task.isCancelled {
                try place.news(in: database).filter(isWanted).forEach(show)
                // The reader of a pipe must see an event at once.
                fflush(nil)
                do { try await Task.sleep(for: .seconds(interval.seconds)) } catch { return }
            }
        }
    }

    private func isWanted(_ event: Event) -> Bool {
        (workerType.isEmpty || workerType.values().contains { $0.name == event.workerType })
            && (kinds.isEmpty || kinds.values().contains(event.kind))
    }

    private func show(_ event: Event) throws {
        if json.isSet { try Terminal.print(documentLine: event.json) } else { Terminal.print(event.line) }
    }

    /// How far the database was read.
    private struct Place {
        let since: Date
        var iteration: Int64 = 0
        var change: Int64 = 0
        /// The interrupted instances that were read.
        var interrupted: Set<String> = []
        /// The sent notifications that were read.
        var notified: Set<String> = []
        /// Interruptions that one read takes into account.
        private static let mostInterruptions = 10_000

        init(since: Date) { self.since = since }

        /// The new events, in the order of time.
        mutating func news(in database: ProvisionerDatabase) throws -> [Event] {
            let (iterations, changes, interruptions, notifications) = try database.snapshot {
                (
                    try database.iterations.finished(after: iteration, since: since),
                    try database.audit.entries(after: change, since: since),
                    try database.interruptions.latest(Self.mostInterruptions).filter {
                        $0.at >= since && !interrupted.contains($0.instanceId)
                    },
                    try database.notifications.since(since).filter {
                        $0.state == .sent && !notified.contains($0.delivery.id)
                    }
                )
            }
            iteration = iterations.last?.id ?? iteration
            change = changes.last?.id ?? change
            interrupted.formUnion(interruptions.map(\.instanceId))
            notified.formUnion(notifications.map(\.delivery.id))
            let events =
                iterations.flatMap(Event.events) + changes.map { Event($0) } + interruptions.map { Event($0) }
                + notifications.map {
                    Event(
                        $0.delivery.notification, channel: $0.delivery.recipient.channel,
                        at: $0.lastAttemptAt ?? $0.delivery.notification.at)
                }
            // Stable: events of one iteration stay in their order.
            return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
                .map(\.element)
        }
    }
}

extension Event.Kind: ExpressibleByArgument {}
