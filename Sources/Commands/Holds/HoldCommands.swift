import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct HoldCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "List and end holds: launches that are not tried because EC2 refused them.",
        subcommands: [List.self, Clear.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the active holds.",
            discussion: "Example: aws-provisioner hold list --json")

        @OptionGroup var common: CommonOptions
        @OptionGroup var json: JSONOption

        func run() throws {
            let database = try common.deployment().openDatabase(.readOnly)
            let now = Date()
            let holds = try database.holds.all().filter { $0.until > now }
            if json.isSet { return try Terminal.print(document: ["holds": .array(holds.map(\.json))]) }
            var table = TextTable("held", "until", "failures", "code", "since")
            for hold in holds {
                table.add(
                    hold.subject.name, hold.until.timestamp, "\(hold.failures)", hold.code,
                    hold.since.timestamp)
            }
            Terminal.print(table.isEmpty ? ["no hold is active"] : table.shown())
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear", abstract: "End holds: the next iteration tries their subjects again.",
            discussion: """
                Use it after the cause is resolved, for example after a missing right was added. SUBJECT is a text that \
                `hold list` shows in the column "held".

                Example: aws-provisioner hold clear --worker-type build-linux
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The subjects of the holds.", completion: .holds) var subject: [String] = []
        @Option(help: "End all holds of this worker type alone.")
        var workerType: WorkerTypeArgument?
        @Flag(help: "End all holds.") var all = false
        @OptionGroup var json: JSONOption

        func validate() throws {
            guard [!subject.isEmpty, workerType != nil, all].count(where: { $0 }) == 1 else {
                throw ValidationError("name subjects, or use --worker-type or --all")
            }
        }

        func run() throws {
            let database = try common.deployment().openDatabase(.full)
            if let workerType { try database.requireWorkerType(workerType.name) }
            let holds = try database.holds.all()
            let chosen = holds.filter { hold in
                all || subject.contains(hold.subject.name)
                    || workerType.map { hold.subject.workerType == $0.name } ?? false
            }
            let names = Set(chosen.map(\.subject.name))
            if let unknown = subject.first(where: { !names.contains($0) }) {
                throw CommandFailure(
                    .noInput,
                    "there is no hold on \(unknown)"
                        + NearestName.hint(unknown, among: holds.map(\.subject.name)))
            }
            for hold in chosen { try database.holds.clear(hold.subject) }
            if json.isSet { return try Terminal.print(document: ["holds": .array(chosen.map(\.json))]) }
            Terminal.print("ended \(chosen.count) holds")
        }
    }
}
