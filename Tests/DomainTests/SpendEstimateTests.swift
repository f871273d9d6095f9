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
        let prices = [launch.pool: Price(usd: 0.1)]
        let asked = SpendEstimate(launches: [launch], prices: prices)
        #expect(asked.perHour == 0.1 && asked.unpriced == 0)
        let actual = SpendEstimate(launches: [launch], markets: ["i-1": .onDemand], prices: prices)
        #expect(actual.perHour == 0 && actual.unpriced == 1)
        let other = SpendEstimate(launches: [launch], markets: ["i-2": .onDemand], prices: prices)
        #expect(other == asked)
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
