import Domain
import FoundationEssentials
import Storage

extension SnapshotFetcher {
    var quotaReader: QuotaReader? {
        quotas.map { QuotaReader(service: $0, known: stored.quotas, now: now) }
    }

    private var imageReader: ImageReader {
        ImageReader(
            ec2: ec2, parameters: parameters, known: stored.images, rules: deployment.rules, now: now)
    }

    /// Whether images of a region must be read, or its prices are missing or too old.
    func mustRead(_ needs: PriceNeeds, _ region: String) -> Bool {
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
    func readPrices(_ region: String, _ needs: PriceNeeds) async -> Reading {
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

    func ensureKeyPair(_ name: String, _ publicKey: String, _ region: String) async -> Reading {
        .keyPair(
            region,
            await Result {
                try await ec2.ensureKeyPair(named: name, publicKey: publicKey, region: region)
            })
    }

    /// Reads the pending tasks, with the claimed tasks unless the Queue does not report them.
    func readTasks(_ workerType: String) async -> Reading {
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
