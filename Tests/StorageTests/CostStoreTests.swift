import Domain
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The store of costs")
struct CostStoreTests {
    private let fixture: StorageFixture
    private var database: ProvisionerDatabase { fixture.database }

    init() throws { fixture = try StorageFixture() }

    /// Stores a launch whose instance started at the begin of the test.
    private func store(
        _ id: String, ended: Double? = nil, stopped: Double? = nil, started: Bool = true,
        interrupted: Bool = false
    ) throws {
        try fixture.storeInstance(id, interrupted: interrupted) { launch in
            launch.startedAt = started ? .start : nil
            launch.stoppedSince = stopped.map { .start.plus(minutes: $0) }
            launch.endedAt = ended.map { .start.plus(minutes: $0) }
        }
    }

    @Test("lists the instances that ran after a time, with the end of their bill")
    func instances() throws {
        try store("running")
        try store("ended", ended: 60)
        try store("long-gone", ended: 10)
        try store("stopped", stopped: 30)
        try store("stopped-and-ended", ended: 90, stopped: 40)
        try store("interrupted", ended: 50, interrupted: true)
        try store("requested", started: false)
        let found = try database.costs.instances(since: .start.plus(minutes: 20))
        // In the order of their ids.
        #expect(
            found.map(\.endedAt) == [60, 50, nil, 30, 40].map { $0.map { Date.start.plus(minutes: $0) } })
        #expect(found.map(\.isInterrupted) == [false, true, false, false, false])
        let launch = fixture.launch("running")
        #expect(
            found.allSatisfy {
                $0.pool == launch.pool && $0.workerType == launch.workerType && $0.startedAt == .start
                    && $0.platform == launch.platform && $0.spotPrice == launch.spotPrice
                    && $0.market == launch.market
            })
    }

    @Test("replaces the on-demand prices of the regions that a file names")
    func onDemandPrices() throws {
        var first = OnDemandPrices()
        first[.init("us-east-1", "c5.xlarge")] = Price(usd: 0.17)
        first[.init("us-east-1", "c5.xlarge", .windows)] = Price(usd: 0.2)
        first[.init("eu-west-1", "c5.xlarge")] = Price(usd: 0.19)
        try database.costs.replace(first)
        #expect(try database.costs.onDemandPrices() == first)
        let keys = [
            OnDemandPrices.Key("us-east-1", "c5.xlarge", .windows),
            OnDemandPrices.Key("us-east-1", "m5.large"),
        ]
        #expect(try database.costs.onDemandPrices(of: keys).all == [keys[0]: Price(usd: 0.2)])
        var second = OnDemandPrices()
        second[.init("us-east-1", "c5.xlarge")] = Price(usd: 0.18)
        try database.costs.replace(second)
        #expect(
            try database.costs.onDemandPrices().all == [
                .init("us-east-1", "c5.xlarge"): Price(usd: 0.18),
                .init("eu-west-1", "c5.xlarge"): Price(usd: 0.19),
            ])
    }
}
