import Domain
import Formats
import FoundationEssentials
import Storage

/// Reads EC2 and the Queue concurrently and collects the failure of each call. Its only write stores the notices
/// that it receives from the interruption queue.
struct SnapshotFetcher: Sendable {
    /// The state that earlier iterations stored.
    struct StoredState: Sendable {
        /// The last known state of each region.
        var regions: [String: RegionState]
        var images: ImageCatalog
        var quotas: AccountQuotas
        var prices: [SpotPrice]
        /// The last fetch of prices, by region.
        var priceFetches: [String: PriceStore.Fetch]
        /// The worker types whose claimed tasks the Queue does not report.
        var withoutClaimedTasks: Set<String>

        init(_ database: ProvisionerDatabase, now: Date) throws {
            withoutClaimedTasks = try database.taskCounts.unavailable(now: now)
            regions = try database.regions.all()
            images = try database.images.all()
            quotas = try database.quotas.all()
            prices = try database.prices.all()
            priceFetches = try database.prices.fetches()
        }
    }

    let deployment: Deployment
    let stored: StoredState
    let ec2: any EC2Service
    /// Nil where no SSM parameters can be read.
    let parameters: (any ParameterService)?
    /// Nil where quotas are not read.
    let quotas: (any QuotaService)?
    let queue: any TaskQueue
    /// Nil if no interruption queue is configured.
    let interruptions: InterruptionDrain?
    let now: Date
    /// Waits for a number of seconds.
    var sleep: @Sendable (TimeInterval) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }

    enum Reading: Sendable {
        case region(String, Result<RegionState, ServiceFailure>)
        /// The prices are nil where the stored ones are recent.
        case prices(String, images: ImageReader.Reading, PriceReading?)
        case quotas(RegionQuotas)
        case keyPair(String, Result<Void, ServiceFailure>)
        /// The counts, and whether the Queue turned out not to report claimed tasks.
        case tasks(String, Result<(counts: TaskCounts, lacksClaimed: Bool), ServiceFailure>)
        case interruptions(Result<InterruptionDrain.Result, ServiceFailure>)
        /// The time of the fetch is over, or its wait was cancelled.
        case wait(isOver: Bool)

        /// Whether its failure would be one of the failed calls of the iteration.
        var isReported: Bool {
            switch self {
            case .prices(_, _, nil), .quotas: false
            default: true
            }
        }
    }

    /// The prices of one region as EC2 returned them.
    struct PriceReading: Sendable {
        let types: Set<String>
        let platforms: Set<ImagePlatform>
        let response: Result<SpotPriceHistory, ServiceFailure>
    }

    /// Reads everything that one iteration needs. Calls without a response within `fetchTimeout` are cancelled, so that one
    /// unresponsive service does not delay what does not need it.
    ///
    /// - Parameter openLaunches: their regions are read even if they are no longer managed, so that every
    ///   running instance stays visible. Instances missing from the lists are read by id.
    func fetch(workerTypes: [WorkerType], openLaunches: [Launch]) async throws -> Snapshot {
        let regions = Set(deployment.regions).union(openLaunches.map(\.pool.region))
        let needs = PriceNeeds.byRegion(workerTypes, in: deployment.regions, rules: deployment.rules)
        let keyName = try deployment.keyName()

        var snapshot = Snapshot()
        snapshot.biddable = Set(deployment.regions)
        snapshot.images = stored.images
        var (started, calls) = (0, 0)
        await withTaskGroup(of: Reading.self) { group in
            func add(_ read: @escaping @Sendable () async -> Reading) {
                started += 1
                group.addTask { await read() }
            }
            let known = Dictionary(grouping: openLaunches, by: \.pool.region)
            let choosing = regionsWithChosenSubnets(workerTypes)
            for region in regions.sorted() {
                add {
                    await readRegion(
                        region, launches: known[region] ?? [], withSubnets: choosing.contains(region))
                }
            }
            for (region, needs) in needs where mustRead(needs, region) {
                add { await readPrices(region, needs) }
            }
            if let reader = quotaReader {
                for (region, needs) in needs where reader.mustRead(needs.instanceTypes, in: region) {
                    add { .quotas(await reader.read(needs.instanceTypes, in: region)) }
                }
            }
            if let keyName, let publicKey = deployment.publicKey {
                for region in deployment.regions {
                    add { await ensureKeyPair(keyName, publicKey, region) }
                }
            }
            for type in workerTypes { add { await readTasks(type.name) } }
            if let interruptions {
                add { .interruptions(await Result { try await interruptions.drain() }) }
            }
            group.addTask { await wait() }
            var left = started
            while left > 0, let reading = await group.next() {
                if case .wait(let isOver) = reading {
                    if isOver {
                        snapshot.lateFailure = lateFailure
                        group.cancelAll()
                    }
                    continue
                }
                left -= 1
                if reading.isReported { calls += 1 }
                self.add(reading, to: &snapshot)
            }
            group.cancelAll()
        }
        snapshot.allCallsFailed =
            calls > 0 && snapshot.failures.count + snapshot.unreadRetiredRegions.count == calls
        let fetched = Set(snapshot.fetchedPrices.map(\.region))
        snapshot.prices =
            stored.prices.filter { !fetched.contains($0.pool.region) }
            + snapshot.fetchedPrices.flatMap(\.prices)
        snapshot.quotas = stored.quotas
        for region in snapshot.readQuotas { snapshot.quotas.replace(region) }
        snapshot.images.add(snapshot.resolvedImages)
        snapshot.images.add(snapshot.readImages)
        snapshot.imageProblems = needs.flatMap { region, needs in
            snapshot.images.problems(of: needs.images, in: region)
        }.sorted()
        return snapshot
    }

    private func wait() async -> Reading {
        do { try await sleep(deployment.fetchTimeout) } catch { return .wait(isOver: false) }
        return .wait(isOver: true)
    }

    /// The failure of the calls that `fetchTimeout` cancels.
    private var lateFailure: ServiceFailure {
        ServiceFailure(
            kind: .unreachable, code: "fetch-timeout",
            message:
                "no response within the fetchTimeout of \(deployment.fetchTimeout.formatted(decimals: 0)) s")
    }

    private func add(_ reading: Reading, to snapshot: inout Snapshot) {
        switch reading {
        case .wait: break
        case .region(_, .success(let state)):
            snapshot.fresh.append(state)
        case .region(let region, .failure(let failure)):
            if deployment.regions.contains(region) {
                snapshot.fail(FailedCall(.region, region, failure))
            } else {
                snapshot.unreadRetiredRegions[region] = failure
            }
            snapshot.biddable.remove(region)
            if let state = stored.regions[region] { snapshot.stale.append(state) }
        case .prices(let region, let images, let prices):
            snapshot.readImages += images.images
            snapshot.resolvedImages += images.resolved
            if let prices { add(prices, of: region, to: &snapshot) }
        case .quotas(let quotas):
            snapshot.readQuotas.append(quotas)
        case .keyPair(_, .success):
            break
        case .keyPair(let region, .failure(let failure)):
            snapshot.fail(FailedCall(.keyPair, region, failure))
            snapshot.biddable.remove(region)
        case .tasks(let name, .success(let tasks)):
            snapshot.pendingTasks[name] = tasks.counts.pending
            snapshot.claimedTasks[name] = tasks.counts.claimed
            if tasks.lacksClaimed { snapshot.withoutClaimedTasks.insert(name) }
        case .tasks(let name, .failure(let failure)):
            snapshot.fail(FailedCall(.queue, name, failure))
        case .interruptions(.success(let drained)):
            snapshot.drained = drained
        case .interruptions(.failure(let failure)):
            snapshot.fail(FailedCall(.interruptionQueue, "", failure))
        }
    }

    /// - Parameter launches: the open launches of the region. A filter by tag shows new instances late, and pages that
    ///   change during the read may skip an instance. Closed spot requests are not listed.
    private func readRegion(
        _ region: String, launches: [Launch], withSubnets: Bool
    ) async -> Reading {
        .region(
            region,
            await Result {
                var state = try await ec2.regionState(region, ownership: deployment.ownership, now: now)
                let requests = state.unlistedRequests(of: launches)
                if !requests.isEmpty { state.add(try await ec2.spotRequests(requests, region: region)) }
                let missing = state.unlistedInstances(of: launches)
                if !missing.isEmpty { state.add(try await ec2.instances(missing, region: region)) }
                if withSubnets { await addSubnets(to: &state) }
                return state
            })
    }

    private func add(_ prices: PriceReading, of region: String, to snapshot: inout Snapshot) {
        switch prices.response {
        case .success(let history):
            snapshot.fetchedPrices.append(
                Snapshot.Prices(
                    region: region, instanceTypes: prices.types, platforms: prices.platforms,
                    prices: history.prices, unusable: history.unusable))
        case .failure(let failure):
            snapshot.fail(FailedCall(.prices, region, failure))
            snapshot.biddable.remove(region)
        }
    }

    /// The regions of worker types to which the setting `subnets` applies.
    private func regionsWithChosenSubnets(_ workerTypes: [WorkerType]) -> Set<String> {
        let rules = deployment.rules
        if rules.subnets.isEmpty { return [] }
        let concerned = workerTypes.filter {
            rules.subnets[$0.name] != nil && !$0.definition.namesSubnets
        }
        return Set(concerned.flatMap { $0.definition.regions.map(\.region) })
    }

    /// Reads the subnets of a region. A failure does not close the region: the last known subnets apply.
    private func addSubnets(to state: inout RegionState) async {
        let region = state.region
        switch await Result(of: { try await ec2.subnets(region: region) }) {
        case .success(let subnets): state.subnets = subnets
        case .failure(let failure):
            state.subnets = stored.regions[region]?.subnets
            state.subnetFailure = failure
        }
    }
}
