import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct Regions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "region",
        abstract: "List, pause and resume regions, and give up regions that are managed no more.",
        subcommands: [List.self, Pause.self, Resume.self, Forget.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the managed regions, and the others with open launches.",
            discussion: "Example: aws-provisioner region list")

        @OptionGroup var common: CommonOptions
        @OptionGroup var json: JSONOption

        func run() throws {
            let deployment = try common.deployment()
            let database = try deployment.openDatabase(.readOnly)
            let lines = try RegionLine.all(in: database, managed: deployment.settings.regions)
            if json.isSet { return try Terminal.print(document: ["regions": .array(lines.map(\.json))]) }
            var table = TextTable("region", "managed", "open launches", "instances", "read", "paused")
            let now = Date()
            for line in lines {
                table.add(
                    line.region, line.isManaged ? "yes" : "no", "\(line.openLaunches)",
                    line.state.map { "\($0.instances.count)" } ?? "-",
                    line.state.map { RelativeTime.ago(now.timeIntervalSince($0.fetchedAt)) } ?? "never",
                    line.pause?.end ?? "no")
            }
            Terminal.print(table.isEmpty ? ["no regions"] : table.shown())
        }
    }

    struct Forget: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forget", abstract: "Give up a region that is managed no more.",
            discussion: """
                Its open launches become lost and no longer count as capacity, and the next iterations do not read the \
                region. Its instances are not terminated: terminate them in EC2.

                Example: aws-provisioner region forget us-west-1
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The region's name.", completion: .regions) var region: String
        @OptionGroup var json: JSONOption

        func run() throws {
            let deployment = try common.deployment()
            guard !deployment.settings.regions.contains(region) else {
                throw CommandFailure(
                    .usage, "\(region) is managed: remove it from the setting regions first")
            }
            let database = try deployment.openDatabase(.full)
            let lines = try RegionLine.all(in: database, managed: deployment.settings.regions)
            guard lines.contains(where: { $0.region == region }) else {
                throw CommandFailure(
                    .noInput,
                    "there is no region \(region) with open launches"
                        + NearestName.hint(region, among: lines.filter { !$0.isManaged }.map(\.region)))
            }
            let lost = try database.launches.giveUp(
                region: region, by: .operator(by: "region forget"), now: Date())
            if json.isSet {
                return try Terminal.print(document: [
                    "region": .string(region), "lostLaunches": .integer(Int64(lost)),
                ])
            }
            Terminal.print("\(region) given up: \(lost) launches are lost")
        }
    }
}
