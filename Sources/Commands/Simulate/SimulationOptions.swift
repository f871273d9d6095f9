import ArgumentParser
import Simulation

/// Where a simulation's prices come from.
struct MarketOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Spot prices. Without any, they are made from the seed.", valueName: "file"))
    var prices: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Move a region's prices by whole days, to lay windows over each other that lie apart: us-east-1=364.",
            valueName: "region=days"))
    var shift: [String] = []
    @Option(
        help: ArgumentHelp(
            "When the run begins in the prices. Else a day after the last region's first price.",
            valueName: "time"))
    var start: String?
    @Option(
        help: ArgumentHelp("Prices on demand. Without them nothing is bought on demand.", valueName: "file"))
    var onDemand: String?

    @Option(
        help: ArgumentHelp(
            "Fetch spot prices from EC2, write them to this file, and do nothing else.", valueName: "file"))
    var record: String?
    @Option(parsing: .upToNextOption, help: "Regions to record, or to allow.") var regions: [String] = []
    @Option(parsing: .upToNextOption, help: "Instance types to record.") var instanceTypes: [String] = []
    @Option(help: "Days to record, up to 90.") var days = 7.0
}

/// Where a simulation's tasks and worker types come from.
struct LoadOptions: ParsableArguments {
    @Option(
        name: .customLong("load"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Tasks. The worker type is the file's name unless it is named.", valueName: "[worker-type=]file"))
    var files: [String] = []
    @Option(
        help: ArgumentHelp(
            "Make a load: " + LoadGenerator.Shape.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "shape"))
    var generate: String?
    @Option(help: "Of a made load, on average.") var tasksPerHour = 120.0
    @Option(help: "Of a made load.") var hours = 24.0
    @Option(help: "Of a made load: the median duration.") var taskMinutes = 8.0
    @Option(help: "How many worker types get a made load.") var count = 1

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Worker types, as for worker-type apply. Else a built-in one.", valueName: "file"))
    var workerTypes: [String] = []
    @Flag(
        help: """
            The built-in worker type also uses sizes from large to 8xlarge, with capacity 1 to 16 in step with their \
            vCPUs, instead of 4xlarge alone with capacity 1.
            """)
    var mixed = false
}

/// How workers and EC2 behave in a simulation.
struct ConditionOptions: ParsableArguments {
    @Option(help: "Everything that is left to chance follows from it.") var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Seconds from launch to first task, drawn evenly.", valueName: "least-most"))
    var boot = "60-150"
    @Option(help: "Seconds without a task after which a worker shuts down.") var idleTimeout = 60.0
    @Option(help: "Seconds from one iteration to the next.") var interval = 60.0
    @Option(
        help: ArgumentHelp("Interruption bands by region and instance type.", valueName: "file"))
    var interruptions: String?
    @Option(help: "Interruptions of one instance an hour, where no band is known.") var interruptionRate = 0.0
    @Option(help: ArgumentHelp("Traces of spot capacity, laid over the pools.", valueName: "file"))
    var capacity: String?
    @Option(help: "Only the capacity traces of this device.") var capacityDevice: String?
}
