import ArgumentParser
import Configuration
import Formats
import FoundationEssentials
import Platform
import Provisioning
import Storage

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database of an earlier version up to date.",
        discussion: """
            Makes a copy of the database beside it first, and changes nothing if the database is up to date. `iterate` \
            and `init` do the same. Every other command, the shell completion, the API and the status page refuse the \
            database of an earlier version. To go back, restore the copy with the earlier version.

            Example: aws-provisioner migrate
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var json: JSONOption

    func run() throws {
        let deployment = try common.deployment()
        let path = deployment.settings.database
        try DatabaseFile.check(path)
        let lock = try IterationLock(database: path, now: Date())
        let database = try deployment.openMigrated(by: "migrate")
        _ = consume lock
        let copy = database.copyBeforeUpdate
        if json.isSet {
            return try Terminal.print(document: [
                "database": .string(path), "outcome": copy == nil ? "unchanged" : "updated",
                "copy": copy.map(JSONValue.string) ?? .null,
            ])
        }
        guard let copy else { return Terminal.print("\(path) is up to date") }
        Terminal.print(["\(path) updated", "the database before the update is \(copy)"])
    }
}

extension DeploymentContext {
    /// Opens the database, brings an older schema up to date, and stores the provisionerId in a database without one.
    func openMigrated(by command: String) throws -> ProvisionerDatabase {
        let database = try openDatabase(.migrating)
        try database.setProvisionerId(settings.provisionerId, by: .operator(by: command), now: Date())
        return database
    }
}
