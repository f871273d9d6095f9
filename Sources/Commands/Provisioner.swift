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
            Each call does one thing and ends. All state is in one SQLite file. Exit codes are those of sysexits.h: \
            64 usage, 65 bad data, 66 no input, 69 a service is unavailable, 70 a bug, 73 cannot create, \
            75 try again, 78 configuration.
            """,
        version: "aws-provisioner 1.0.0, SQLite \(SQLiteLibrary.version)",
        subcommands: [
            Initialize.self, Doctor.self, WorkerTypes.self, Clients.self, Export.self, Import.self,
            Iterate.self,
            Status.self, Explain.self, Instances.self, Terminate.self, HoldCommands.self, Regions.self,
            Events.self, Backup.self, Restore.self,
            Prune.self,
            Simulate.self, Demo.self, Manual.self,
        ])
}
