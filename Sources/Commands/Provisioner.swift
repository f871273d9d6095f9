import ArgumentParser
import Storage

/// The command line: iterations, administration, demonstration.
///
/// Every command names itself in its configuration: made from the type's name by reflection, the names were a sixth
/// of the time that the program takes to start.
struct Provisioner: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aws-provisioner",
        abstract: "Buys EC2 spot capacity for a Taskcluster-style task queue.",
        discussion: """
            Each call does one thing and ends. All state is in one SQLite file.

            \(ExitCodeTable.sentence)
            """,
        version: "aws-provisioner 1.0.0, SQLite \(SQLiteLibrary.version)",
        subcommands: [
            Initialize.self, Doctor.self, WorkerTypes.self, UtilityCommands.self, Clients.self, Export.self,
            Import.self, Iterate.self, RehearseCommands.self, Migrate.self,
            Status.self, Explain.self, Instances.self, Terminate.self, HoldCommands.self, Regions.self,
            InstanceTypes.self,
            Events.self, NotifyCommands.self, Costs.self, OnDemandPriceCommands.self, Backup.self,
            Restore.self,
            Prune.self,
            Simulate.self, Demo.self, Manual.self, SchemaCommand.self,
        ])
}
