import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove old iterations, launches that ended, and old records of changes.",
        discussion: """
            Each iteration removes iterations and launches that are older than \(RelativeTime.text(Retention.launches)), and records of changes that are \
            older than the setting auditRetention, by itself. At most 1,000,000 records and 256 MiB of definitions in \
            them are kept: older records lose their definitions first. Live instances, worker types and their secrets \
            are never removed.

            Example: aws-provisioner prune --iterations 7d --vacuum
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "Remove iterations and their decisions that are older than this.") var iterations =
        DurationArgument(
            seconds: Retention.iterations)
    @Option(help: "Remove launches that ended longer ago than this.") var launches = DurationArgument(
        seconds: Retention.launches)
    @Option(help: "Remove records of changes older than this. Default: the setting auditRetention.")
    var changes: DurationArgument?
    @Flag(help: "Return the space to the file system as well. Other processes wait meanwhile.") var vacuum =
        false
    @OptionGroup var json: JSONOption

    func validate() throws {
        // Boot failures and costs are computed from the records of the last day.
        for age in [iterations, launches, changes].compactMap(\.self) where age.seconds < 86_400 {
            throw ValidationError("the last day (24h) is always kept")
        }
    }

    func run() throws {
        let deployment = try common.deployment()
        let database = try deployment.openDatabase(.full)
        let now = Date()
        let before = try database.size()
        let iterations = try database.iterations.purge(startedBefore: now - self.iterations.seconds)
        let launches = try database.launches.purge(endedBefore: now - self.launches.seconds)
        let changes = try database.audit.purge(
            before: now - (changes?.seconds ?? deployment.settings.auditRetention))
        if vacuum { try database.vacuum() }
        let after = try database.size()
        if json.isSet {
            return try Terminal.print(document: [
                "removedIterations": .integer(Int64(iterations)),
                "removedLaunches": .integer(Int64(launches)),
                "removedChanges": .integer(Int64(changes)), "bytesBefore": .integer(before),
                "bytesAfter": .integer(after),
            ])
        }
        Terminal.print("forgot \(iterations) iterations, \(launches) launches and \(changes) changes")
        if vacuum {
            Terminal.print(
                "\((Double(before) / 1e6).formatted(decimals: 1)) MB before, \((Double(after) / 1e6).formatted(decimals: 1)) MB now"
            )
        }
    }
}
