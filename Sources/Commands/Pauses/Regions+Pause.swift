import ArgumentParser
import Configuration
import Domain
import Formats
import Platform

extension Regions {
    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Launch nothing new in a region.",
            discussion: """
                Running instances go on, and other regions take the new capacity. `region resume` or the time --until ends \
                it.

                Example: aws-provisioner region pause us-east-1 --until 2027-01-31T12:00:00Z
                """)

        @Argument(help: "The region's name.", completion: .regions) var region: String
        @OptionGroup var options: PauseOptions

        func run() throws {
            try options.pause(PauseSubject(.region, region), command: "region pause") { deployment, _ in
                let managed = deployment.settings.regions
                guard managed.contains(region) else {
                    throw CommandFailure(
                        .noInput,
                        "the region \(region) is not managed" + NearestName.hint(region, among: managed))
                }
            }
        }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "End the pause of a region.",
            discussion: "Example: aws-provisioner region resume us-east-1")

        @Argument(help: "The region's name.", completion: .regions) var region: String
        @OptionGroup var options: ResumeOptions

        func run() throws {
            try options.resume(PauseSubject(.region, region), command: "region resume")
        }
    }
}
