import ArgumentParser
import Domain
import Storage

extension WorkerTypes {
    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Launch nothing new for a worker type.",
            discussion: """
                Running instances go on, and minCapacity does not apply. `worker-type resume` or the time --until ends it.

                Example: aws-provisioner worker-type pause build-linux --until 2h --reason "broken image"
                """)

        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @OptionGroup var options: PauseOptions

        func run() throws {
            try options.pause(
                PauseSubject(.workerType, workerType.name), command: "worker-type pause"
            ) { _, database in
                try database.requireExistingWorkerType(workerType.name)
            }
        }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "End the pause of a worker type.",
            discussion: "Example: aws-provisioner worker-type resume build-linux")

        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @OptionGroup var options: ResumeOptions

        func run() throws {
            try options.resume(PauseSubject(.workerType, workerType.name), command: "worker-type resume")
        }
    }
}
