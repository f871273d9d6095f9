import ArgumentParser
import Configuration
import Domain
import Platform
import Reporting
import Storage

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show why the last iteration decided as it did for a worker type.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The worker type's name.") var name: String
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        let settings = try common.settings()
        let database = try settings.openDatabase()
        guard let type = try database.workerTypes.get(name) else {
            throw CommandFailure(.noInput, "there is no worker type \(name)")
        }
        guard let (iteration, decision) = try database.iterations.explanation(of: name) else {
            throw CommandFailure(.noInput, "no iteration has decided for \(name) yet")
        }
        let explanation = Explanation(type: type, iteration: iteration, decision: decision)
        if json { return try Terminal.print(json: explanation.json) }
        Terminal.print(explanation.lines.map { TerminalText($0) })
    }
}
