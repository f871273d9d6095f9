import ArgumentParser
import Configuration
import Domain
import Formats
import Platform

extension WorkerTypes {
    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "example", abstract: "Print a definition to start from, and explain its members.",
            discussion: """
                The definition goes to standard output. The meanings of its members go to standard error, because JSON \
                has no comments. `worker-type apply` accepts the definition without a change if EC2 has the image.

                Example: aws-provisioner worker-type example --image ami-12c6146b >build-linux.json
                """)

        @Option(help: "Region of the definition.", completion: .regions) var region = "us-east-1"
        @Option(help: "Image of the region.") var image = "ami-12c6146b"

        func run() throws {
            let example = ExampleDefinition(region: region, image: image)
            // The values of the options are checked as those of any definition.
            let document = try WorkerTypeDocument(
                Array(example.text.utf8), name: "example", source: "the example")
            guard document.written.regions.first?.region == region else {
                throw CommandFailure(.usage, "--region: \(region) is not the name of a region")
            }
            Terminal.write(TerminalText(escaped: example.text))
            var table = TextTable("member", "meaning")
            for member in ExampleDefinition.members { table.add(member.name, member.meaning) }
            for line in table.lines { Terminal.printError("\(line)") }
        }
    }
}
