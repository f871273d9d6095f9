import ArgumentParser
import Domain
import Simulation

/// The prices of a simulation.
struct MarketOptions: ParsableArguments {
    @Option(
        name: .customLong("prices"), parsing: .upToNextOption,
        help: ArgumentHelp("Spot prices. The default is prices generated from the seed.", valueName: "file"),
        completion: .file())
    var priceLists: [ListArgument<String>] = []
    var prices: [String] { priceLists.values() }
    @Option(
        name: .customLong("shift"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Move the prices of a region by whole days, to combine recordings of different times: us-east-1=364d.",
            valueName: "region=days"))
    var shiftLists: [ListArgument<String>] = []
    var shift: [String] { shiftLists.values() }
    @Option(
        help: ArgumentHelp(
            "Time in the prices at which the run begins. The default is a day after the last region's first price.",
            valueName: "time"))
    var start: String?
    @Option(
        help: ArgumentHelp(
            "On-demand prices. Without them no on-demand instance is bought.", valueName: "file"),
        completion: .file())
    var onDemand: String?

    @Option(
        help: ArgumentHelp(
            "Fetch spot prices from EC2, write them to this file, and do nothing else.", valueName: "file"),
        completion: .file())
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
    @Option(help: "Days to record, up to 90, also as 48h.") var days = DurationIn<Days>(7)
}

/// The tasks and worker types of a simulation.
struct LoadOptions: ParsableArguments {
    @Option(
        name: .customLong("load"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Tasks. The default worker type is the name of the file.", valueName: "[worker-type=]file"),
        completion: .file())
    var fileLists: [ListArgument<String>] = []
    var files: [String] { fileLists.values() }
    @Option(
        help: ArgumentHelp(
            "Generate a load: " + LoadGenerator.Shape.allCases.map(\.rawValue).joined(separator: ", ")
                + ". Default: diurnal.",
            valueName: "shape"), completion: .list(LoadGenerator.Shape.allCases.map(\.rawValue)))
    var generate: String?
    @Option(help: "Average tasks per hour of a generated load.") var tasksPerHour = 120.0
    @Option(help: "Hours of a generated load, also as 4d.") var hours = DurationIn<Hours>(24)
    @Option(help: "Median task duration of a generated load in minutes, also as 90s.")
    var taskMinutes = DurationIn<Minutes>(8)
    @Option(help: "Number of worker types with a generated load.") var count = 1

    @Option(
        name: .customLong("worker-types"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Definitions as for worker-type apply. The default is a built-in definition.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var workerTypeLists: [ListArgument<String>] = []
    var workerTypes: [String] { workerTypeLists.values() }
    @Flag(
        inversion: .prefixedNo,
        help: """
            The built-in worker type also uses sizes from large to 8xlarge, with capacity 1 to 16 in proportion to \
            their vCPUs, instead of 4xlarge with capacity 1.
            """)
    var mixed: Bool?
}

/// The limits over all worker types in a simulation.
struct LimitOptions: ParsableArguments {
    @Option(help: "Maximum of the capacity of all worker types together.") var maxTotalCapacity: Int?
    @Option(help: "Maximum number of instances of all worker types together.") var maxTotalInstances: Int?
    @Option(help: "Maximum of what all instances cost per hour, in USD.") var maxHourlySpend: Double?
    @Option(help: "Maximum of what all instances cost in a day of UTC, in USD.") var maxDailySpend: Double?
    @Option(help: "Maximum of what all instances cost in a month of UTC, in USD.")
    var maxMonthlySpend: Double?

    func validate() throws {
        for (kind, value) in values.all {
            let range =
                kind.isSpend
                ? TotalLimits.spendRange
                : Double(TotalLimits.countRange.lowerBound)...Double(TotalLimits.countRange.upperBound)
            if !range.contains(value) {
                throw ValidationError(
                    "\(kind.setting) must be from \(kind.number(range.lowerBound)) to "
                        + kind.number(range.upperBound))
            }
        }
    }

    var values: TotalLimits {
        var limits = TotalLimits()
        limits[.capacity] = maxTotalCapacity.map(Double.init)
        limits[.instances] = maxTotalInstances.map(Double.init)
        limits[.hourlySpend] = maxHourlySpend
        limits[.dailySpend] = maxDailySpend
        limits[.monthlySpend] = maxMonthlySpend
        return limits
    }
}

/// The behaviour of workers and EC2 in a simulation.
struct ConditionOptions: ParsableArguments {
    @Option(help: "Seed of all random values.") var seed: UInt64 = 1
    @Option(
        help: ArgumentHelp(
            "Seconds from launch to check-in, uniformly distributed; also as 1m-5m.",
            valueName: "least-most"))
    var boot = "60-150"
    @Option(
        help: ArgumentHelp(
            "Time from a worker's check-in to its first claim of a task.", valueName: "duration"))
    var claimDelay = DurationIn<Seconds>(0)
    @Flag(help: "The Queue reports claimed tasks: idle workers are known, and --claim-grace has no effect.")
    var claimedCounts = false
    @Option(help: "Time without a task after which a worker shuts down, as 60s.")
    var idleTimeout = DurationIn<Seconds>(60)
    @Option(help: "Time between two iterations, as 60s.") var interval = DurationIn<Seconds>(60)
    @Option(
        help: ArgumentHelp("Interruption bands by region and instance type.", valueName: "file"),
        completion: .file())
    var interruptions: String?
    @Option(help: "Interruptions per instance-hour where no band is known.") var interruptionRate = 0.0
    @Option(
        help: ArgumentHelp("Records of spot capacity, assigned to the pools.", valueName: "file"),
        completion: .file())
    var capacity: String?
    @Option(help: "Only the capacity records of this device.") var capacityDevice: String?
    @Option(
        name: .customLong("pause"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Launch nothing in a region, or of an instance type: region=us-east-1, instance-type=c5.4xlarge.",
            valueName: "kind=name"))
    var pauseLists: [ListArgument<String>] = []
    var pauses: [String] { pauseLists.values() }
    @Option(
        name: .customLong("quota"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "vCPU quotas of the account: spot:us-east-1:Standard=640.", valueName: "market:region:class=vCPUs"
        ))
    var quotaLists: [ListArgument<String>] = []
    var quotas: [String] { quotaLists.values() }
}
