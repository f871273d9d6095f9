import Domain
import FoundationEssentials
import Storage
import TestSupport
import Testing

@Suite("The store of quotas")
struct QuotaStoreTests {
    private let fixture: StorageFixture
    private var store: QuotaStore { fixture.database.quotas }

    init() throws { fixture = try StorageFixture() }

    private func region(_ name: String, _ vCPUs: Int?, failure: String? = nil, sizes: [String: Int?] = [:])
        -> RegionQuotas
    {
        RegionQuotas(
            reading: AccountQuotas.Reading(
                region: name, readAt: .start, nextRead: .start.plus(minutes: 60), failure: failure),
            quotas: vCPUs.map { [VCPUQuota(VCPUQuota.Subject(.spot, name, .standard), vCPUs: $0)] } ?? [],
            sizes: sizes)
    }

    @Test("replaces the quotas of a region, and keeps those of others")
    func replacement() throws {
        try store.save([region("a", 64, sizes: ["c5.large": 2, "new.large": Int?.none]), region("b", 128)])
        #expect(try store.all().limits.values.sorted() == [64, 128])
        try store.save([region("a", 96), region("b", nil, failure: "AccessDenied")])
        let all = try store.all()
        #expect(all.limits == [VCPUQuota.Subject(.spot, "a", .standard): 96])
        #expect(all.readings["b"]?.failure == "AccessDenied")
        #expect(all.sizes == ["c5.large": 2, "new.large": Int?.none])
    }

    @Test("keeps the size of a type that another region does not have")
    func sizes() throws {
        try store.save([region("a", 1, sizes: ["c5.large": 2])])
        try store.save([region("b", 1, sizes: ["c5.large": Int?.none])])
        #expect(try store.all().sizes == ["c5.large": 2])
    }

    @Test("reads a reached quota again after an hour, and an unknown one as before")
    func reached() throws {
        let day = Date.start.plus(minutes: 24 * 60)
        func region(_ name: String, failure: String? = nil) -> RegionQuotas {
            RegionQuotas(
                reading: AccountQuotas.Reading(region: name, readAt: .start, nextRead: day, failure: failure),
                quotas: [], sizes: [:])
        }
        try store.save([region("a"), region("b"), region("c", failure: "AccessDenied")])
        try store.noteReached(in: ["a", "c"])
        try store.noteReached(in: ["a"])
        let next = try store.all().readings.mapValues(\.nextRead)
        #expect(next == ["a": .start.plus(minutes: 60), "b": day, "c": day])
    }

    @Test("removes the quotas of regions that are no longer read")
    func purge() throws {
        try store.save([region("a", 64)])
        try store.purge(readBefore: .start)
        #expect(try store.all().limits.count == 1)
        try store.purge(readBefore: .start.plus(minutes: 1))
        #expect(try store.all() == AccountQuotas())
    }
}
