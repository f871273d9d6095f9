import ArgumentParser
import Configuration
import Formats
import FoundationEssentials
import Glibc
import Platform

struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Write the manual pages of all commands.",
        discussion: """
            One page for each command, made from the commands themselves. Without a folder the page of the program is \
            printed; `aws-provisioner man | man -l -` shows it.

            Example: aws-provisioner man /usr/local/share/man/man1
            """)

    @Argument(
        help: "The folder to write the pages into, as /usr/local/share/man/man1.", completion: .directory)
    var folder: String?
    @OptionGroup var json: JSONOption

    func validate() throws {
        guard folder != nil || !json.isSet else {
            throw ValidationError("--json names the written files: name the folder")
        }
    }

    func run() throws {
        let pages = try ManualPage.all(of: Provisioner._dumpHelp())
        guard let folder else { return Terminal.write(TerminalText(escaped: pages.first?.text ?? "")) }
        var paths: [String] = []
        for page in pages {
            let path = "\(folder)/\(page.name).1"
            try OutputFile.write(page.text, to: path)
            paths.append(path)
        }
        if json.isSet { return try Terminal.print(document: ["files": .array(paths.map(JSONValue.string))]) }
        Terminal.print("\(paths.count) pages in \(folder)")
    }
}
