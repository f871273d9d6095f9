import Domain
import FoundationEssentials

/// Reads the quotas of the account and the sizes of instance types, at most once a day in each region.
///
/// The right to read quotas is optional: a failure is no failed call of the iteration, and quotas are then unknown for a day,
/// so that an unreachable service does not delay every iteration.
struct QuotaReader: Sendable {
    let service: any QuotaService
    /// What earlier iterations read.
    let known: AccountQuotas
    let now: Date

    /// The time after which quotas are read again. Seconds.
    private static let life: TimeInterval = 86_400

    /// Whether the quotas of a region must be read, or the sizes of its instance types.
    func mustRead(_ instanceTypes: Set<String>, in region: String) -> Bool {
        guard let reading = known.readings[region], reading.nextRead > now else { return true }
        return reading.failure == nil && instanceTypes.contains { known.sizes[$0] == nil }
    }

    /// Reads what must be read.
    func read(_ instanceTypes: Set<String>, in region: String) async -> RegionQuotas {
        let response = await Result {
            let earlier = known.readings[region].flatMap { $0.nextRead > now ? $0 : nil }
            let quotas =
                earlier == nil ? try await service.quotas(region: region) : known.quotas(in: region)
            // A type without a size may exist a day later.
            let unknown = instanceTypes.filter { known.sizes[$0] == nil || earlier == nil }.sorted()
            let sizes =
                unknown.isEmpty || quotas.isEmpty
                ? [:] : try await service.vCPUs(ofInstanceTypes: unknown, region: region)
            return RegionQuotas(
                reading: earlier ?? reading(region), quotas: quotas,
                sizes: unknown.reduce(into: [:]) { $0[$1] = .some(sizes[$1]) })
        }
        switch response {
        case .success(let quotas): return quotas
        case .failure(let failure):
            return RegionQuotas(reading: reading(region, failure), quotas: [], sizes: [:])
        }
    }

    private func reading(_ region: String, _ failure: ServiceFailure? = nil) -> AccountQuotas.Reading {
        AccountQuotas.Reading(
            region: region, readAt: now, nextRead: now.addingTimeInterval(Self.life),
            failure: failure.map { "\($0)" })
    }
}
