// Measures the decision on a very large fleet, and writes the EC2 responses of this fleet, so that another parser can
// read the same bytes.
//
//     benchmarks DIRECTORY

import Domain
import EC2
import Formats
import FoundationEssentials
import Glibc

let start = Date(timeIntervalSince1970: 1_700_000_000)
guard let folder = CommandLine.arguments.dropFirst().first else {
    print("usage: benchmarks DIRECTORY")
    exit(64)
}
let fleet = LargeFleet()

// The responses are written and read back, so that they do not count towards the memory.
for region in fleet.regions {
    try Data(fleet.instancesResponse(region).utf8).write(
        to: URL(filePath: "\(folder)/instances-\(region).xml"))
    try Data(fleet.pricesResponse(region).utf8).write(to: URL(filePath: "\(folder)/prices-\(region).xml"))
}

/// Returns the seconds of some work, the minimum of a few runs, and its result.
func measure<Value>(_ runs: Int, _ work: () throws -> Value) rethrows -> (seconds: Double, value: Value) {
    let clock = ContinuousClock()
    var best = Double.infinity
    var value: Value
    var left = runs
    repeat {
        let begin = clock.now
        value = try work()
        let (seconds, attoseconds) = (clock.now - begin).components
        best = min(best, Double(seconds) + Double(attoseconds) / 1e18)
        left -= 1
    } while left > 0
    return (best, value)
}

let reading = try measure(3) {
    try fleet.regions.map { region in
        let instances = Array(try Data(contentsOf: URL(filePath: "\(folder)/instances-\(region).xml")))
        let prices = Array(try Data(contentsOf: URL(filePath: "\(folder)/prices-\(region).xml")))
        return (
            RegionState(
                region: region, instances: try EC2Client.readInstances(instances, region: region),
                spotRequests: [], availabilityZones: fleet.zones(of: region), fetchedAt: start),
            try EC2Client.readSpotPrices(prices, region: region).prices
        )
    }
}
let states = reading.value.map(\.0)
let prices = reading.value.flatMap(\.1)
let workerTypes = fleet.workerTypes
let pending = Dictionary(uniqueKeysWithValues: workerTypes.enumerated().map { ($1.name, 20 + $0 % 60) })
let zones = Dictionary(uniqueKeysWithValues: fleet.regions.map { ($0, fleet.zones(of: $0)) })
let noHolds = Holds([], now: start)

let deciding = measure(5) {
    let shown = Fleet(states, ownership: fleet.ownership)
    let tally = FleetTally(
        shown, launches: [:], workerTypes: workerTypes, gone: [], claimGrace: 0, now: start)
    return Plan(
        Plan.inputs(
            workerTypes, pendingTasks: pending, claimedTasks: [:], tally: tally, demand: [:],
            rules: ProvisioningRules(), now: start),
        market: WorkerTypeDecision.MarketView(
            book: PriceBook(prices, zones: zones, holds: noHolds), holds: noHolds, zones: zones),
        fleet: shown, gone: [], readRegions: Set(fleet.regions), rules: ProvisioningRules(), now: start)
}
let bodies = try HostileBodies(fleet.workerTypes.first?.definition.json ?? [:])
let hostile = bodies.hostile.map { "\"\($0.name)\": \($0.seconds)" }.joined(separator: ", ")
let (choice, small) = (LargeChoice(regions: 20), LargeChoice(regions: 2))
let choosing = Strategy.allCases.map { "\"\($0.rawValue)\": \(choice.seconds($0))" }.joined(separator: ", ")
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
print(
    """
    {"workerTypes": \(workerTypes.count), "instances": \(states.reduce(0) { $0 + $1.instances.count }), \
    "prices": \(prices.count), "bids": \(deciding.value.bids.count), "reading": \(reading.seconds), \
    "deciding": \(deciding.seconds), "choosing": {\(choosing)}, "choosingOf100": \(small.seconds(.leastCost)), \
    "sorting": \(choice.sortingSeconds), "honestBody": \(bodies.honest), "hostileBodies": {\(hostile)}, \
    "peakMiB": \(usage.ru_maxrss / 1024)}
    """)
