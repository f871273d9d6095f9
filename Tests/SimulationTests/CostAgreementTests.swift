import Domain
import Foundation
import TestSupport
import Testing

@testable import Simulation

@Suite("The costs of a deployment and the cost of a simulation")
struct CostAgreementTests {
    @Test("agree for the same instances and prices", arguments: [1, 2, 3] as [UInt64])
    func agreement(seed: UInt64) {
        var scenario = Scenarios.random(seed, mixed: true)
        scenario.interruptions = InterruptionRates(perHour: 0.3)
        let replay = Scenarios.replay(scenario)
        let start = Date(timeIntervalSince1970: scenario.start)
        let end = start.addingTimeInterval(replay.end)
        let instances = replay.fleet.instances.map { instance in
            BilledInstance(
                workerType: "\(instance.workerType)", pool: scenario.prices.series[instance.pool].pool,
                market: instance.market, spotPrice: .zero,
                startedAt: start.addingTimeInterval(instance.launchedAt),
                endedAt: start.addingTimeInterval(replay.end(of: instance)),
                isInterrupted: instance.ending == .interrupted)
        }
        let prices = scenario.prices.series.reduce(into: [PricedPool: [PricePoint]]()) { prices, series in
            prices[PricedPool(series.pool, .linux)] = zip(series.times, series.usd).map {
                PricePoint(at: Date(timeIntervalSince1970: $0), price: Price(usd: $1))
            }
        }
        let record = CostRecord(
            instances, prices: InstancePrices(spot: prices, onDemand: OnDemandPrices()), since: start,
            // The last instances are billed for at least a minute.
            until: end.addingTimeInterval(InstanceBilling.minimum))
        let simulated = replay.fleet.instances.reduce(0) { $0 + replay.cost(of: $1) }
        #expect(simulated > 1)
        #expect(replay.fleet.instances.contains { $0.ending == .interrupted })
        for dimensions in [[], [CostDimension.hour], [.pool, .day]] {
            let report = CostReport(record, by: dimensions)
            #expect(abs(report.total.usd - simulated) < 1e-6 * simulated)
            #expect(
                abs(report.rows.reduce(0) { $0 + $1.usd } - simulated) < 1e-6 * simulated)
        }
    }
}
