import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

/// The end and the reason of a pause.
struct PauseOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @Option(
        help: "The end, as 2027-01-31T12:00:00Z, or 2h for two hours from now. Default: until it is resumed.")
    var until: Moment?
    @Option(help: "The reason, which is shown with the pause.") var reason: String?
    @OptionGroup var json: JSONOption

    /// Stores a pause, and prints it.
    ///
    /// - Parameters:
    ///   - command: the words of the command.
    ///   - check: throws where the subject does not exist.
    func pause(
        _ subject: PauseSubject, command: String,
        check: (DeploymentContext, ProvisionerDatabase) throws -> Void
    ) throws {
        let now = Date().wholeMilliseconds
        let end = until?.date(after: now).wholeMilliseconds
        if let end, end <= now { throw CommandFailure(.usage, "--until \(end.timestamp): is in the past") }
        if let reason, reason.utf8.count > 1000 {
            throw CommandFailure(.usage, "--reason: must have at most 1000 bytes")
        }
        let deployment = try common.deployment()
        let database = try deployment.openDatabase(.full)
        try check(deployment, database)
        let author = Author.operator(by: command)
        let pause = Pause(
            subject, since: now, until: end, author: author.name,
            reason: reason?.isEmpty == true ? nil : reason)
        try database.pauses.record(pause, by: author)
        if json.isSet { return try Terminal.print(document: ["pause": pause.json]) }
        Terminal.print("\(pause.shown)")
    }
}

/// The options of a command that ends a pause.
struct ResumeOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @OptionGroup var json: JSONOption

    /// Ends a pause, and prints it.
    ///
    /// - Parameter command: the words of the command.
    func resume(_ subject: PauseSubject, command: String) throws {
        let database = try common.deployment().openDatabase(.full)
        let now = Date()
        guard let pause = try database.pauses.end(subject, by: .operator(by: command), now: now) else {
            let paused = try database.pauses.active(at: now).map(\.subject).filter { $0.kind == subject.kind }
            throw CommandFailure(
                .noInput,
                "\(subject) is not paused" + NearestName.hint(subject.name, among: paused.map(\.name)))
        }
        if json.isSet { return try Terminal.print(document: ["pause": pause.json]) }
        Terminal.print("\(subject) is resumed: the next iteration launches there again")
    }
}
