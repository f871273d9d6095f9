import ArgumentParser
import Simulation

/// The prices of a simulation.
struct MarketOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Spot prices. The default is prices generated from the seed.", valueName: "file"))
    var prices: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Move the prices of a region by whole days, to combine recordings of different times: us-east-1=364.",
            valueName: "region=days"))
    var shift: [String] = []
    @Option(
        help: ArgumentHelp(
            "Time in the prices at which the run begins. The default is a day after the last region's first price.",
            valueName: "time"))
    var start: String?
    @Option(
        help: ArgumentHelp(
            "On-demand prices. Without them no on-demand instance is bought.", valueName: "file"))
    var onDemand: String?

    @Option(
        help: ArgumentHelp(
            "Fetch spot prices from EC2, write them to this file, and do nothing else.", valueName: "file"))
    var record: String?
    @Option(
        name: .customLong("regions"), parsing: .upToNextOption,
        help: "Regions to record, separated by commas or blanks. Else only prices of these regions are used.")
    var regionLists: [ListArgument<String>] = []
    var regions: [String] { regionLists.values() }
    @Option(
        name: .customLong("instance-types"), parsing: .upToNextOption,
        help: "Instance types to record, separated by commas or blanks.")
    var instanceTypeLists: [ListArgument<String>] = []
    var instanceTypes: [String] { instanceTypeLists.values() }
    @Option(help: "Days to record, up to 90.") var days = 7.0
}

/// The tasks and worker types of a simulation.
struct LoadOptions: ParsableArguments {
    @Option(
        name: .customLong("load"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Tasks. The default worker type is the name of the file.", valueName: "[worker-type=]file"))
    var files: [String] = []
    @Option(
        help: ArgumentHelp(
            "Generate a load: " + LoadGenerator.Shape.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "shape"))
    var generate: String?
    @Option(help: "Average tasks per hour of a generated load.") var tasksPerHour = 120.0
    @Option(help: "Hours of a generated load.") var hours = 24.0
    @Option(help: "Median task duration of a generated load, in minutes.") var taskMinutes = 8.0
    @Option(help: "Number of worker types with a generated load.") var count = 1

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Definitions as for worker-type apply. The default is a built-in definition.", valueName: "file"))
    var workerTypes: [String] = []
    @Flag(
        inversion: .prefixedNo,
        help: """
            The built-in worker type also uses sizes from large to 8xlarge, with capacity 1 to 16 in proportion to \
            their vCPUs, instead of 4xlarge with capacity 1.
            """)
    var mixed: Bool?
}

/// The behaviour of workers and EC2 in a simulation.
struct ConditionOptions: ParsableArguments {
    @Option(help: "Seed of all random values.") var seed: UInt64 = 1
    @Option(
        help: ArgumentHelp(
            "Seconds from launch to first task, uniformly distributed.", valueName: "least-most"))
    var boot = "60-150"
    @Option(help: "Seconds without a task after which a worker shuts down.") var idleTimeout = 60.0
    @Option(help: "Seconds between two iterations.") var interval = 60.0
    @Option(
        help: ArgumentHelp("Interruption bands by region and instance type.", valueName: "file"))
    var interruptions: String?
    @Option(help: "Interruptions per instance-hour where no band is known.") var interruptionRate = 0.0
    @Option(help: ArgumentHelp("Records of spot capacity, assigned to the pools.", valueName: "file"))
    var capacity: String?
    @Option(help: "Only the capacity records of this device.") var capacityDevice: String?
}
