import Domain
import Foundation
import TestSupport
import Testing

@Suite("The estimate of the hourly cost")
struct SpendEstimateTests {
    @Test("uses the market that EC2 reports, else that of the launch")
    func markets() {
        var launch = FleetTests.launch("l1", instance: "i-1")
        launch.state = .visible
        let prices = [PricedPool(launch.pool, .linux): Price(usd: 0.1)]
        func estimate(_ id: String, _ market: Market) -> SpendEstimate {
            var instance = FleetTests.instance(id, launch: "l1")
            instance.lifecycle = market
            return SpendEstimate(launches: [launch], instances: [id: instance], prices: prices, now: .start)
        }
        let asked = SpendEstimate(launches: [launch], prices: prices, now: .start)
        #expect(asked.perHour == 0.1 && asked.unpriced == 0)
        let actual = estimate("i-1", .onDemand)
        #expect(actual.perHour == 0 && actual.unpriced == 1)
        #expect(estimate("i-2", .onDemand) == asked)
    }

    @Test("excludes instances that EC2 does not bill: stopped, ending, or interrupted in their first hour")
    func unbilled() {
        var launch = FleetTests.launch("l1", instance: "i-1")
        launch.state = .visible
        launch.startedAt = .start
        let prices = [PricedPool(launch.pool, .linux): Price(usd: 0.1)]
        func perHour(
            _ state: Instance.State = .running, interrupted: Set<String> = [], minutes: Double = 10
        ) -> Double {
            var instance = FleetTests.instance("i-1", launch: "l1")
            instance.state = state
            return SpendEstimate(
                launches: [launch], instances: ["i-1": instance], interrupted: interrupted, prices: prices,
                now: .start.plus(minutes: minutes)
            ).perHour
        }
        for state in Instance.State.allCases {
            #expect(perHour(state) == (state == .pending || state == .running ? 0.1 : 0))
        }
        #expect(perHour(interrupted: ["i-1"]) == 0)
        #expect(perHour(interrupted: ["i-1"], minutes: 61) == 0.1)
        #expect(perHour(interrupted: ["i-2"]) == 0.1)
    }

    @Test("uses the price of the platform of the launch")
    func platforms() {
        let linux = FleetTests.launch("l1", instance: "i-1")
        let prices = [
            PricedPool(linux.pool, .linux): Price(usd: 0.1),
            PricedPool(linux.pool, .windows): Price(usd: 0.3),
        ]
        func perHour(_ platform: ImagePlatform) -> Double {
            let launch = Launch(
                id: "l2", workerType: "alpha", definitionModified: .start, iteration: 1, pool: linux.pool,
                capacity: 1, market: .spot, platform: platform, mode: .runInstances,
                spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1), bidPrice: Price(usd: 1),
                createdAt: .start, secretExpires: .start, state: .visible, instanceId: "i-2")
            return SpendEstimate(launches: [launch], prices: prices, now: .start).perHour
        }
        #expect(perHour(.linux) == 0.1)
        #expect(perHour(.windows) == 0.3)
        #expect(perHour(.suse) == 0)
    }

    @Test("An instance that an older version stored has no lifecycle")
    func olderInstance() throws {
        let instance = FleetTests.instance("i-1", launch: "l1")
        var stored = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(instance)) as? [String: Any])
        stored["lifecycle"] = nil
        let read = try JSONDecoder().decode(
            Instance.self, from: JSONSerialization.data(withJSONObject: stored))
        #expect(read.lifecycle == nil)
        #expect(read.id == "i-1")
    }
}
