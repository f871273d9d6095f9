import ArgumentParser

struct UtilityCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "utility", abstract: "Suggest utility factors of instance types.",
        subcommands: [Suggest.self])
}
