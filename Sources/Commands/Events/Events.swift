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
        abstract: "Show what was decided, launched, refused, ended, and changed by whom.",
        discussion:
            "An iteration that found nothing to do makes no event. --follow goes on until it is interrupted.")

    @OptionGroup var common: CommonOptions
    @Option(help: "From how long ago on.") var since = Age(seconds: 3600)
    @Option(help: "Only this worker type's.", completion: .workerTypes) var workerType: String?
    @Option(name: .customLong("kind"), help: "Only events of this kind; may be given several times.")
    var kinds: [Event.Kind] = []
    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.") var follow = false
    @Option(help: "Seconds between two looks at the database, with --follow.") var interval = 2.0
    @Flag(help: "As JSON, an object a line.") var json = false

    func validate() throws {
        guard interval >= 0.1, interval <= 3600 else {
            throw ValidationError("--interval must be from 0.1 to 3600 seconds")
        }
    }

    func run() async throws {
        let database = try common.deployment().openDatabase(.readOnly)
        if !follow {
            var place = Place(since: Date() - since.seconds)
            return try place.news(in: database).filter(isWanted).forEach(show)
        }
        try await stoppable { [self] in
            var place = Place(since: Date() - since.seconds)
            while !Task.isCancelled {
                try place.news(in: database).filter(isWanted).forEach(show)
                // Whoever reads a pipe of ours is to see an event when it happens.
                fflush(nil)
                do { try await Task.sleep(for: .seconds(interval)) } catch { return }
            }
        }
    }

    private func isWanted(_ event: Event) -> Bool {
        (workerType == nil || event.workerType == workerType) && (kinds.isEmpty || kinds.contains(event.kind))
    }

    private func show(_ event: Event) throws {
        Terminal.print(json ? try TerminalText(json: event.json) : event.line)
    }

    /// How far the database was read.
    private struct Place {
        let since: Date
        var iteration: Int64 = 0
        var change: Int64 = 0

        /// What came since, in the order of time.
        mutating func news(in database: ProvisionerDatabase) throws -> [Event] {
            let (iterations, changes) = try database.snapshot {
                (
                    try database.iterations.finished(after: iteration, since: since),
                    try database.audit.entries(after: change, since: since)
                )
            }
            iteration = iterations.last?.id ?? iteration
            change = changes.last?.id ?? change
            let events = iterations.flatMap(Event.events) + changes.map { Event($0) }
            // Stable: events of one iteration stay in their order.
            return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
                .map(\.element)
        }
    }
}

extension Event.Kind: ExpressibleByArgument {}
