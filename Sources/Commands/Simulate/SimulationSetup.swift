import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Simulation

/// Creates the scenario of a simulation from the options.
struct SimulationSetup {
    let market: MarketOptions
    let load: LoadOptions
    let conditions: ConditionOptions
    /// Whether the built-in worker type uses several sizes.
    let mixed: Bool

    /// The begin of generated prices. Seconds since 1970.
    private static let epoch = 1_767_225_600.0

    /// The scenario, and its assumptions with a line each.
    func scenario() async throws -> (Scenario, facts: [String]) {
        let definitions = try await WorkerTypeDocument.load(load.workerTypes)
        var facts: [String] = []
        let loads = try await loads(definitions.map(\.name), &facts)
        let hours = (loads.flatMap(\.tasks).map { $0.arrival + $0.duration }.max() ?? 0) / 3600
        let prices = try await prices(definitions.map(\.written), hours: hours, &facts)
        let history = PriceHistory(prices)
        guard !history.series.isEmpty else {
            throw CommandFailure(.dataError, "no price is of an allowed region and instance type")
        }
        let regions = history.zones.keys.sorted()
        let types = definitions.map {
            WorkerType(name: $0.name, definition: $0.written, lastModified: .distantPast)
        }
        let builtIn = SimulatedWorkerType.definition(regions: regions, mixed: mixed)
        var scenario = Scenario(
            workerTypes: types.isEmpty
                ? loads.map {
                    WorkerType(name: $0.workerType, definition: builtIn, lastModified: .distantPast)
                }
                : types,
            loads: loads, prices: history, start: try start(history, regions))
        facts.append(
            "start \(Date(timeIntervalSince1970: scenario.start).timestamp), \(hours.formatted(decimals: 1)) hours of load, seed "
                + "\(conditions.seed)")
        let last = regions.compactMap { history.end(of: $0) }.min() ?? 0
        if scenario.start + hours * 3600 > last + 86_400 {
            facts.append("the prices end before the load: the last prices stay constant")
        }
        try await setConditions(&scenario, &facts)
        return (scenario, facts)
    }

    // MARK: Load

    private func loads(_ names: [String], _ facts: inout [String]) async throws -> [TaskLoad] {
        var loads: [TaskLoad] = []
        for entry in load.files {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            let path = parts.last ?? entry
            let stem = String(fileName(path).prefix { $0 != "." })
            let name = parts.count > 1 ? parts[0] : names.count == 1 ? names[0] : stem
            guard WorkerType.isValidName(name) else {
                throw CommandFailure(.usage, "--load \(entry): the worker type is missing: use NAME=\(path)")
            }
            loads.append(
                try await TaskLoad(workerType: name, csv: InputFile.read(path), source: fileName(path)))
            facts.append("load \(fileName(path)): \(loads.last?.tasks.count ?? 0) tasks for \(name)")
        }
        if load.generate != nil || loads.isEmpty { loads += try generated(names, &facts) }
        var seen: Set<String> = []
        for load in loads {
            guard names.isEmpty || names.contains(load.workerType) else {
                throw CommandFailure(.usage, "--load: there is no worker type \(load.workerType)")
            }
            guard seen.insert(load.workerType).inserted else {
                throw CommandFailure(.usage, "--load: \(load.workerType) has two loads")
            }
        }
        return loads
    }

    private func generated(_ names: [String], _ facts: inout [String]) throws -> [TaskLoad] {
        guard let shape = LoadGenerator.Shape(rawValue: load.generate ?? "diurnal") else {
            throw CommandFailure(
                .usage,
                "--generate must be one of "
                    + LoadGenerator.Shape.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard (0...1_000_000).contains(load.tasksPerHour), load.hours.value > 0,
            load.hours.value <= 10_000, load.taskMinutes.value > 0, load.taskMinutes.value <= 100_000,
            (1...10_000).contains(load.count),
            load.tasksPerHour * load.hours.value * Double(load.count) <= 50_000_000
        else {
            throw CommandFailure(
                .usage,
                "--tasks-per-hour, --hours, --task-minutes and --count must be above 0, and not too large")
        }
        let generator = LoadGenerator(
            shape: shape, tasksPerHour: load.tasksPerHour, hours: load.hours.value,
            taskMinutes: load.taskMinutes.value)
        let targets = names.isEmpty ? (1...load.count).map { "generated-\($0)" } : names
        let loads = targets.enumerated().map { index, name in
            generator.load(workerType: name, seed: conditions.seed &* 1_000_003 &+ UInt64(index))
        }
        facts.append(
            "load generated from the seed: \(shape.rawValue), \(loads.reduce(0) { $0 + $1.tasks.count }) tasks for "
                + "\(loads.count) worker types")
        return loads
    }

    // MARK: Prices

    private func prices(
        _ definitions: [WorkerTypeDefinition], hours: Double, _ facts: inout [String]
    ) async throws -> [SpotPrice] {
        let types =
            definitions.isEmpty
            ? Set(SimulatedWorkerType.instanceTypes(mixed: mixed).map(\.name))
            : Set(definitions.flatMap { $0.instanceTypes.map(\.instanceType) })
        let allowed = Set(market.regions)
        let named = Set(definitions.flatMap { $0.regions.map(\.region) })
        func isWanted(_ region: String, _ type: String) -> Bool {
            types.contains(type) && (allowed.isEmpty || allowed.contains(region))
                && (named.isEmpty || named.contains(region))
        }
        if market.prices.isEmpty {
            guard market.shift.isEmpty else { throw CommandFailure(.usage, "--shift needs --prices") }
            facts.append("prices generated from the seed")
            return PriceGenerator(days: hours / 24 + 3).prices(from: Self.epoch, seed: conditions.seed)
                .filter { isWanted($0.pool.region, $0.pool.instanceType) }
        }
        var prices: [SpotPrice] = []
        for path in market.prices {
            let read = try await PriceCSV.read(
                InputFile.read(path), source: fileName(path), isWanted: isWanted)
            facts.append("prices \(fileName(path)): \(read.count) of \(Set(read.map(\.pool)).count) pools")
            prices += read
        }
        for entry in market.shift {
            let parts = entry.split(separator: "=").map(String.init)
            guard parts.count == 2, let days = Self.wholeDays(parts[1]), abs(days) < 100_000 else {
                throw CommandFailure(.usage, "--shift must be like us-east-1=364, not \(entry)")
            }
            facts.append(
                "\(parts[0]) is moved by \(days) days: the regions were recorded at different times")
            prices = prices.map { price in
                guard price.pool.region == parts[0] else { return price }
                return SpotPrice(
                    pool: price.pool, price: price.price,
                    timestamp: price.timestamp.addingTimeInterval(Double(days) * 86_400))
            }
        }
        return prices
    }

    /// A number of days: `364`, `-7` or `364d`.
    private static func wholeDays(_ text: String) -> Int? {
        Int(text) ?? DurationIn<Days>(argument: text).flatMap { Int(exactly: $0.value) }
    }

    private func start(_ history: PriceHistory, _ regions: [String]) throws -> Double {
        guard let text = market.start else {
            return (regions.compactMap { history.start(of: $0) }.max() ?? 0) + 86_400
        }
        guard let start = Date(timestamp: text) else {
            throw CommandFailure(.usage, "--start must be a time like 2021-03-05T00:00:00Z, not \(text)")
        }
        return start.timeIntervalSince1970
    }

    // MARK: Conditions

    private func setConditions(_ scenario: inout Scenario, _ facts: inout [String]) async throws {
        let ends = conditions.boot.split(separator: "-").map {
            DurationIn<Seconds>(argument: String($0))?.seconds
        }
        guard ends.count == 2, let least = ends[0], let most = ends[1], least >= 0, least <= most,
            most <= 86_400
        else { throw CommandFailure(.usage, "--boot must be like 60-150, not \(conditions.boot)") }
        guard (1...86_400).contains(conditions.interval.seconds),
            (0...1_000_000).contains(conditions.idleTimeout.seconds),
            (0...3600).contains(conditions.interruptionRate)
        else {
            throw CommandFailure(
                .usage,
                "--interval, --idle-timeout and --interruption-rate must be at least 0, and not too large")
        }
        scenario.conditions.boot = least...most
        let claimDelay = conditions.claimDelay.seconds
        guard claimDelay <= 86_400 else { throw CommandFailure(.usage, "--claim-delay must be at most 1d") }
        scenario.conditions.claimDelay = claimDelay
        scenario.conditions.reportsClaimedTasks = conditions.claimedCounts
        if conditions.claimedCounts { facts.append("the Queue reports claimed tasks") }
        scenario.conditions.idleTimeout = conditions.idleTimeout.seconds
        scenario.conditions.interval = conditions.interval.seconds
        scenario.conditions.seed = conditions.seed
        facts.append(
            "boot \(least.formatted(decimals: 0))-\(most.formatted(decimals: 0)) s, idle timeout "
                + "\(conditions.idleTimeout.seconds.formatted(decimals: 0)) s, an iteration every "
                + "\(conditions.interval.seconds.formatted(decimals: 0)) s")
        if claimDelay > 0 {
            facts.append(
                "a worker claims its first task \(claimDelay.formatted(decimals: 0)) s after its check-in")
        }
        if let path = conditions.interruptions {
            scenario.interruptions = try await InterruptionRates(
                csv: InputFile.read(path), source: fileName(path), perHour: conditions.interruptionRate)
            facts.append("interruptions \(fileName(path))")
        } else if conditions.interruptionRate > 0 {
            scenario.interruptions = InterruptionRates(perHour: conditions.interruptionRate)
            facts.append("interruptions: \(conditions.interruptionRate) an hour")
        }
        if let path = conditions.capacity {
            scenario.capacity = try await CapacityTraces(
                csv: InputFile.read(path), source: fileName(path), device: conditions.capacityDevice)
            facts.append(
                "capacity \(fileName(path))" + (conditions.capacityDevice.map { ", device \($0)" } ?? ""))
        }
        scenario.quotas = try conditions.quotas.map { entry in
            guard let quota = SimulatedQuota(entry) else {
                throw CommandFailure(.usage, "--quota \(entry) is not \(SimulatedQuota.form)")
            }
            facts.append("quota \(quota.quota.subject.name): \(quota.quota.vCPUs) vCPUs")
            return quota
        }
        for entry in conditions.pauses {
            let subject = try pauseSubject(entry)
            scenario.pauses.append(Pause(subject, since: .distantPast, author: "simulate"))
            facts.append("\(subject) is paused")
        }
        if let path = market.onDemand {
            scenario.onDemand = try OnDemandPriceFile(try await InputFile.read(path), name: fileName(path))
                .prices
            facts.append("prices on demand \(fileName(path))")
        }
    }

    private func pauseSubject(_ entry: String) throws -> PauseSubject {
        let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
        let kinds: [String: PauseSubject.Kind] = ["region": .region, "instance-type": .instanceType]
        guard parts.count == 2, let kind = kinds[parts[0]] else {
            throw CommandFailure(.usage, "--pause must be like region=us-east-1, not \(entry)")
        }
        return PauseSubject(kind, parts[1])
    }

    private func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
