import Domain
import Foundation
import TestSupport
import Testing

@Suite("The report of costs")
struct CostReportTests {
    /// 2023-11-15T00:00:00Z, a begin of a day.
    private static let midnight = Date(timeIntervalSince1970: 1_700_006_400)
    private static let pool = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
    private static let other = Pool(
        region: "eu-west-1", availabilityZone: "eu-west-1a", instanceType: "m5.xlarge")

    private static func minutes(_ minutes: Double) -> Date { midnight.plus(minutes: minutes) }

    private static func instance(
        _ workerType: String = "alpha", in pool: Pool = Self.pool, _ market: Market = .spot,
        _ platform: ImagePlatform = .linux,
        from begin: Double, to end: Double?, interrupted: Bool = false
    ) -> BilledInstance {
        BilledInstance(
            workerType: workerType, pool: pool, platform: platform, market: market,
            spotPrice: Price(usd: 0.5),
            startedAt: minutes(begin), endedAt: end.map(minutes), isInterrupted: interrupted)
    }

    /// The spot price of the first pool is 0.10 USD until 01:00, then 0.30. The second pool has an on-demand price of 0.60
    /// alone.
    private static let prices: InstancePrices = {
        var onDemand = OnDemandPrices()
        onDemand[.init("eu-west-1", "m5.xlarge")] = Price(usd: 0.6)
        return InstancePrices(
            spot: [
                PricedPool(pool, .linux): [
                    PricePoint(at: minutes(-600), price: Price(usd: 0.1)),
                    PricePoint(at: minutes(60), price: Price(usd: 0.3)),
                ],
                PricedPool(pool, .suse): [PricePoint(at: minutes(-600), price: Price(usd: 0.2))],
            ], onDemand: onDemand)
    }()

    private static func report(
        _ instances: [BilledInstance], by dimensions: [CostDimension] = [], since: Double = -1440,
        until: Double = 1440
    ) -> CostReport {
        CostReport(
            CostRecord(
                instances, prices: prices, owners: ["alpha": "a@example.com"], since: minutes(since),
                until: minutes(until)), by: dimensions)
    }

    @Test("bills each instance to the cent of a table that was computed by hand")
    func table() {
        let cases: [(BilledInstance, usd: Double, hours: Double)] = [
            // Half an hour at 0.10, half an hour at 0.30.
            (Self.instance(from: 30, to: 90), 0.05 + 0.15, 1),
            // At least a minute: 0.10 / 60.
            (Self.instance(from: 0, to: 0.1), 0.1 / 60, 1.0 / 60),
            // EC2 interrupted it in its first hour.
            (Self.instance(from: 0, to: 59, interrupted: true), 0, 0),
            // EC2 interrupted it after an hour: 1 h at 0.10, 0.5 h at 0.30.
            (Self.instance(from: 0, to: 90, interrupted: true), 0.25, 1.5),
            // It still runs at the end of the span: 1 h at 0.10, 23 h at 0.30.
            (Self.instance(from: 0, to: nil), 7, 24),
            // On demand, two hours at 0.60.
            (Self.instance("beta", in: Self.other, .onDemand, from: 0, to: 120), 1.2, 2),
            // Before the first recorded price, the price of the decision: 1 h at 0.50, 1 h at 0.10.
            (Self.instance(from: -660, to: -540), 0.6, 2),
            // It began before the span: 24 h before midnight, 9 h at 0.50 and 15 h at 0.10 within it.
            (Self.instance(from: -3000, to: 0), 14 * 0.5 + 10 * 0.1, 24),
            // SUSE Linux has its own price, and a begun hour is a whole one.
            (Self.instance("alpha", in: Self.pool, .spot, .suse, from: 0, to: 61), 0.4, 2),
            // It ended before the span.
            (Self.instance(from: -3000, to: -2000), 0, 0),
        ]
        for (instance, usd, hours) in cases {
            let total = Self.report([instance]).total
            #expect(abs(total.usd - usd) < 1e-9, "\(instance): \(total.usd)")
            #expect(abs(total.instanceHours - hours) < 1e-9, "\(instance): \(total.instanceHours)")
            #expect(total.unpricedHours == 0)
        }
        let all = Self.report(cases.map(\.0))
        #expect(abs(all.total.usd - cases.reduce(0) { $0 + $1.usd }) < 1e-9)
        #expect(all.total.instances == 8)
    }

    @Test("counts the hours of instances without a known price, and no cost for them")
    func unpriced() {
        let report = Self.report([
            Self.instance(in: Self.pool, .onDemand, from: 0, to: 60), Self.instance(from: 0, to: 60),
        ])
        #expect(report.total.unpricedHours == 1)
        #expect(report.total.instanceHours == 2)
        #expect(abs(report.total.usd - 0.1) < 1e-9)
    }

    @Test("divides the cost by hour and day at the limits of UTC, in the order of time")
    func slots() {
        let instance = Self.instance(from: -30, to: 90)
        let hours = Self.report([instance], by: [.hour])
        #expect(
            hours.rows.map(\.key) == [["2023-11-14T23:00Z"], ["2023-11-15T00:00Z"], ["2023-11-15T01:00Z"]])
        for (row, usd) in zip(hours.rows, [0.05, 0.1, 0.15]) { #expect(abs(row.usd - usd) < 1e-9) }
        let days = Self.report([instance], by: [.day, .workerType])
        #expect(days.rows.map(\.key) == [["2023-11-14", "alpha"], ["2023-11-15", "alpha"]])
        #expect(days.rows.map(\.instances) == [1, 1])
        #expect(days.total.instances == 1)
    }

    @Test("divides the cost by worker type, owner, region and pool, the highest first")
    func dimensions() {
        let instances = [
            Self.instance(from: 0, to: 60),
            Self.instance("beta", in: Self.other, .onDemand, from: 0, to: 60),
        ]
        func keys(_ dimension: CostDimension) -> [[String]] {
            Self.report(instances, by: [dimension]).rows.map(\.key)
        }
        #expect(keys(.workerType) == [["beta"], ["alpha"]])
        #expect(keys(.owner) == [[CostReport.unknownOwner], ["a@example.com"]])
        #expect(keys(.region) == [["eu-west-1"], ["us-east-1"]])
        #expect(keys(.pool) == [["\(Self.other)"], ["\(Self.pool)"]])
        for dimension in CostDimension.allCases {
            let report = Self.report(instances, by: [dimension])
            #expect(abs(report.rows.reduce(0) { $0 + $1.usd } - report.total.usd) < 1e-9)
        }
        #expect(Self.report([], by: [.pool]).rows.isEmpty)
    }
}
