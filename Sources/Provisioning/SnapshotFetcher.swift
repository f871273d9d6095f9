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
        var prices: [SpotPrice]
        /// The last fetch of prices, by region.
        var priceFetches: [String: PriceStore.Fetch]
        /// The worker types whose claimed tasks the Queue does not report.
        var withoutClaimedTasks: Set<String>

        init(_ database: ProvisionerDatabase, now: Date) throws {
            withoutClaimedTasks = try database.taskCounts.unavailable(now: now)
            regions = try database.regions.all()
            images = try database.images.all()
            prices = try database.prices.all()
            priceFetches = try database.prices.fetches()
        }
    }

    let deployment: Deployment
    let stored: StoredState
    let ec2: any EC2Service
    /// Nil where no SSM parameters can be read.
    let parameters: (any ParameterService)?
    let queue: any TaskQueue
    /// Nil if no interruption queue is configured.
    let interruptions: InterruptionDrain?
    let now: Date
    /// Waits for a number of seconds.
    var sleep: @Sendable (TimeInterval) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }

    private enum Reading: Sendable {
        case region(String, Result<RegionState, ServiceFailure>)
        /// The prices are nil where the stored ones are recent.
        case prices(String, images: ImageReader.Reading, PriceReading?)
        case keyPair(String, Result<Void, ServiceFailure>)
        /// The counts, and whether the Queue turned out not to report claimed tasks.
        case tasks(String, Result<(counts: TaskCounts, lacksClaimed: Bool), ServiceFailure>)
        case interruptions(Result<InterruptionDrain.Result, ServiceFailure>)
        /// The time of the fetch is over, or its wait was cancelled.
        case wait(isOver: Bool)

        /// Whether its failure would be one of the failed calls of the iteration.
        var isReported: Bool {
            if case .prices(_, _, nil) = self { return false }
            return true
        }
    }

    /// The prices of one region as EC2 returned them.
    private struct PriceReading: Sendable {
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

    private var imageReader: ImageReader {
        ImageReader(
            ec2: ec2, parameters: parameters, known: stored.images, rules: deployment.rules, now: now)
    }

    /// Whether images of a region must be read, or its prices are missing or too old.
    private func mustRead(_ needs: PriceNeeds, _ region: String) -> Bool {
        imageReader.mustRead(needs.images, in: region)
            || !arePricesRecent(needs, needs.platforms(in: region, stored.images), region)
    }

    private func arePricesRecent(
        _ needs: PriceNeeds, _ platforms: Set<ImagePlatform>, _ region: String
    ) -> Bool {
        guard let fetch = stored.priceFetches[region] else { return false }
        return now.timeIntervalSince(fetch.fetchedAt) < deployment.rules.priceCacheLife
            && needs.instanceTypes.isSubset(of: fetch.instanceTypes)
            && platforms.isSubset(of: fetch.platforms)
    }

    /// Reads the images, which determine the platforms, and then the prices.
    private func readPrices(_ region: String, _ needs: PriceNeeds) async -> Reading {
        let images = await imageReader.read(needs.images, in: region)
        var catalog = stored.images
        catalog.add(images.resolved)
        catalog.add(images.images)
        let platforms = needs.platforms(in: region, catalog)
        if arePricesRecent(needs, platforms, region) { return .prices(region, images: images, nil) }
        let since = now.addingTimeInterval(-deployment.rules.priceWindow)
        let response = await Result {
            try await ec2.spotPrices(
                region: region, instanceTypes: needs.instanceTypes.sorted(), platforms: platforms,
                since: since)
        }
        return .prices(
            region, images: images,
            PriceReading(types: needs.instanceTypes, platforms: platforms, response: response))
    }

    private func ensureKeyPair(_ name: String, _ publicKey: String, _ region: String) async -> Reading {
        .keyPair(
            region,
            await Result {
                try await ec2.ensureKeyPair(named: name, publicKey: publicKey, region: region)
            })
    }

    /// Reads the pending tasks, with the claimed tasks unless the Queue does not report them.
    private func readTasks(_ workerType: String) async -> Reading {
        let provisionerId = deployment.ownership.provisionerId
        let asks = !stored.withoutClaimedTasks.contains(workerType)
        return .tasks(
            workerType,
            await Result {
                if asks,
                    let counts = try await queue.taskCounts(
                        provisionerId: provisionerId, workerType: workerType)
                {
                    return (counts, lacksClaimed: false)
                }
                let pending = try await queue.pendingTasks(
                    provisionerId: provisionerId, workerType: workerType)
                return (TaskCounts(pending: pending), lacksClaimed: asks)
            })
    }
}
