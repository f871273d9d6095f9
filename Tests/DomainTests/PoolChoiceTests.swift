import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("Choice of pools")
struct PoolChoiceTests {
    static let zones = [
        "us-east-1": ["us-east-1a", "us-east-1b"], "eu-west-1": ["eu-west-1a", "eu-west-1b"],
    ]

    static func book(_ prices: [(String, String, Double)], holds: [Hold] = []) -> PriceBook {
        PriceBook(
            prices.map { zone, type, price in
                SpotPrice(
                    pool: Pool(
                        region: String(zone.dropLast()), availabilityZone: zone, instanceType: type),
                    price: Price(usd: price), timestamp: .start)
            }, zones: zones, holds: Holds(holds, now: .start))
    }

    private func choose(
        _ definition: WorkerTypeDefinition, change: Int, headroom: Int = 1000, book: PriceBook,
        rules: ProvisioningRules = ProvisioningRules()
    ) -> PoolChoice {
        PoolChoice(
            for: .sample("alpha", definition),
            from: PoolChoice.Input(change: change, headroom: headroom, book: book), rules: rules)
    }

    private func counts(_ choice: PoolChoice) -> [String: Int] {
        choice.bids.reduce(into: [:]) { $0["\($1.pool)", default: 0] += 1 }
    }

    @Test("The cheapest pools are used, each up to its share")
    func share() {
        let choice = choose(
            .sample(), change: 10,
            book: Self.book([
                ("us-east-1a", "c5.xlarge", 0.10), ("us-east-1b", "c5.xlarge", 0.12),
            ]))
        #expect(counts(choice) == ["us-east-1a c5.xlarge": 5, "us-east-1b c5.xlarge": 5])
    }

    @Test("A single allowed pool receives the whole change")
    func single() {
        let choice = choose(
            .sample(), change: 10, book: Self.book([("us-east-1a", "c5.xlarge", 0.10)]))
        #expect(counts(choice) == ["us-east-1a c5.xlarge": 10])
    }

    @Test("The utility factor multiplies the price, or divides it if a setting requires it")
    func utility() {
        let definition = WorkerTypeDefinition.sample(types: [("c5.xlarge", 1, 2), ("m5.xlarge", 1, 1)])
        let book = Self.book([("us-east-1a", "c5.xlarge", 0.10), ("us-east-1a", "m5.xlarge", 0.15)])
        var rules = ProvisioningRules()
        rules.maxPoolShare = 1
        #expect(
            counts(choose(definition, change: 1, book: book, rules: rules)) == ["us-east-1a m5.xlarge": 1])
        rules.utility = .divide
        #expect(
            counts(choose(definition, change: 1, book: book, rules: rules)) == ["us-east-1a c5.xlarge": 1])
    }

    @Test("Large instances are bought where they are cheaper for the whole change")
    func sizes() {
        let definition = WorkerTypeDefinition.sample(types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1)])
        let book = Self.book([("us-east-1a", "c5.xlarge", 0.10), ("us-east-1a", "c5.4xlarge", 0.25)])
        var rules = ProvisioningRules()
        rules.maxPoolShare = 1
        rules.idleExponent = 0
        #expect(
            counts(choose(definition, change: 6, book: book, rules: rules))
                == ["us-east-1a c5.4xlarge": 1, "us-east-1a c5.xlarge": 2])
        #expect(
            counts(choose(definition, change: 7, book: book, rules: rules)) == ["us-east-1a c5.4xlarge": 2])
    }

    @Test("maxCapacity is not exceeded if any cover stays below it")
    func headroom() {
        let definition = WorkerTypeDefinition.sample(types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1)])
        let book = Self.book([("us-east-1a", "c5.xlarge", 0.10), ("us-east-1a", "c5.4xlarge", 0.11)])
        let choice = choose(definition, change: 6, headroom: 6, book: book)
        #expect(choice.bids.reduce(0) { $0 + $1.capacity } == 6)
    }

    @Test("Pools above maxPrice are refused, and the least price is reported")
    func maxPrice() {
        let choice = choose(
            .sample(maxPrice: 0.05), change: 1,
            book: Self.book([("us-east-1a", "c5.xlarge", 0.10), ("us-east-1b", "c5.xlarge", 0.09)]))
        #expect(choice.bids.isEmpty)
        #expect(choice.refused[.aboveMaxPrice] == 2)
        #expect(choice.problem?.text.contains("us-east-1b c5.xlarge") == true)
        #expect(choice.problem?.text.contains("0.09") == true)
    }

    @Test("Pools with a hold are not used")
    func backedOff() {
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
        let hold = Hold(
            subject: .pool(pool, .spot), until: Date.start.plus(minutes: 5), failures: 1, code: "x",
            message: "",
            since: .start)
        let choice = choose(
            .sample(), change: 2,
            book: Self.book(
                [("us-east-1a", "c5.xlarge", 0.10), ("us-east-1b", "c5.xlarge", 0.2)], holds: [hold]))
        #expect(counts(choice) == ["us-east-1b c5.xlarge": 2])
    }

    @Test("A pool whose bid is above the deployment's maxBid is not used, and the other pools are")
    func maxBid() {
        var rules = ProvisioningRules()
        rules.maxBid = Price(usd: 0.3)
        let prices = [("us-east-1a", "c5.xlarge", 0.20), ("us-east-1b", "c5.xlarge", 0.1)]
        let choice = choose(.sample(), change: 2, book: Self.book(prices), rules: rules)
        #expect(counts(choice) == ["us-east-1b c5.xlarge": 2])
        #expect(choice.refused == [.aboveMaxBid: 1])
        #expect(choice.candidates.map(\.refusal) == [nil, .aboveMaxBid])
        rules.maxBid = Price(usd: 0.15)
        let none = choose(.sample(), change: 1, book: Self.book(prices), rules: rules)
        #expect(none.bids.isEmpty)
        #expect(none.problem?.kind == .warning)
        #expect(none.problem?.text.contains("above the deployment's maxBid 0.15") == true)
    }

    @Test("Where the definition names zones, only those are used in their region")
    func zones() {
        var definition = WorkerTypeDefinition.sample(regions: ["us-east-1", "eu-west-1"])
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1b", launchSpec: [:])
        ]
        let book = Self.book([
            ("us-east-1a", "c5.xlarge", 0.01), ("us-east-1b", "c5.xlarge", 0.10),
            ("eu-west-1a", "c5.xlarge", 0.11),
        ])
        #expect(
            counts(choose(definition, change: 2, book: book))
                == ["us-east-1b c5.xlarge": 1, "eu-west-1a c5.xlarge": 1])
    }

    @Test("The same input gives the same bids, in whatever order the prices come", arguments: 0..<20)
    func deterministic(seed: Int) {
        var random = TestRandom(seed: UInt64(seed))
        let prices = Self.zones.values.flatMap { $0 }.sorted().flatMap { zone in
            ["c5.xlarge", "m5.xlarge"].map { (zone, $0, 0.1) }
        }
        let definition = WorkerTypeDefinition.sample(
            types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)], regions: ["us-east-1", "eu-west-1"])
        let first = choose(definition, change: 5, book: Self.book(prices))
        let second = choose(definition, change: 5, book: Self.book(prices.shuffled(using: &random)))
        #expect(first.bids == second.bids)
        // Region, zone and type decide between equal prices.
        #expect(first.bids.first.map { "\($0.pool)" } == "eu-west-1a c5.xlarge")
    }

    @Test("No other choice within the shares is cheaper", arguments: 0..<150)
    func property(seed: Int) {
        var random = TestRandom(seed: UInt64(seed + 1000))
        let types = [("c5.xlarge", 1, 1.0), ("c5.2xlarge", 2, 1.0)]
        let prices = ["us-east-1a", "us-east-1b"].flatMap { zone in
            types.map { (zone, $0.0, Double(Int.random(in: 1...9, using: &random)) / 10) }
        }
        let change = Int.random(in: 1...6, using: &random)
        var rules = ProvisioningRules()
        rules.idleExponent = 0
        let choice = choose(.sample(types: types), change: change, book: Self.book(prices), rules: rules)
        let limit = { (capacity: Int) in max(1, Int((0.5 * Double(change) / Double(capacity)).rounded(.up))) }
        var best = Int64.max
        func search(_ index: Int, _ covered: Int, _ price: Int64) {
            if index == prices.count {
                if covered >= change { best = min(best, price) }
                return
            }
            let capacity = prices[index].1 == "c5.xlarge" ? 1 : 2
            for count in 0...limit(capacity) {
                search(
                    index + 1, covered + count * capacity,
                    price + Int64(count) * Price(usd: prices[index].2).nanodollars)
            }
        }
        search(0, 0, 0)
        #expect(choice.bids.reduce(0) { $0 + $1.effectivePrice.nanodollars } == best)
    }
}

@Suite("Bids")
struct PricingTests {
    private func bid(_ price: Double, min: Double = 0, max: Double = 10, utility: Double = 1) -> Double {
        Pricing(
            .sample(minPrice: min, maxPrice: max), utility: utility, reading: .multiply
        ).bid(at: Price(usd: price)).usd
    }

    @Test("Twice the spot price, raised to minPrice, never above maxPrice, in millionths rounded up")
    func rule() {
        #expect(bid(0.1) == 0.2)
        #expect(bid(0.1, min: 0.5) == 0.5)
        #expect(bid(0.1, min: 0.15) == 0.2)
        #expect(bid(0.1, max: 0.15) == 0.15)
        #expect(bid(0.1, min: 0.5, utility: 2) == 0.25)
        #expect(bid(0.1, max: 0.3, utility: 2) == 0.15)
        #expect(bid(0.000_500_1) == 0.001_001, "EC2 accepts no smaller maximum price")
        #expect(bid(0.000_4, max: 0.000_5) == 0.001_001)
        #expect(bid(0.000_6) == 0.001_2)
        #expect(bid(0.5, max: 1, utility: 3) == 0.333_333)
    }

    @Test("Prices are exact, and clamped to their range")
    func prices() {
        #expect(Price("0.012300") == Price(nanodollars: 12_300_000))
        #expect(Price("abc") == nil)
        #expect(Price("-1") == nil)
        #expect(Price("inf") == nil)
        #expect(Price("0x1p2") == nil)
        #expect(Price("1e-3") == nil)
        #expect(Price("") == nil)
        #expect(Price(" 0.1") == nil)
        #expect(Price(usd: .infinity) == .ceiling)
        #expect(Price(usd: .nan) == .zero)
        #expect(Price(usd: 0.0123).description == "0.0123")
        #expect(Price(usd: 1e-6).description == "0.000001")
    }
}

@Suite("The order of submission")
struct SubmissionOrderTests {
    @Test("Worker types take turns by name in each region, up to its limit")
    func roundRobin() {
        func bid(_ name: String, _ region: String = "us-east-1") -> Bid {
            Bid(
                workerType: name,
                pool: Pool(region: region, availabilityZone: region + "a", instanceType: "c5.xlarge"),
                capacity: 1, market: .spot, spotPrice: .zero, effectivePrice: .zero, bidPrice: .zero)
        }
        let bids =
            ["D", "D", "D", "D", "C", "C", "C", "B", "B", "A"].map { bid($0) } + [bid("Z", "eu-west-1")]
        var order = SubmissionOrder(perRegion: 8)
        let (regions, excess) = order.take(bids)
        #expect(regions.map(\.region) == ["eu-west-1", "us-east-1"])
        #expect(regions.map { $0.bids.map(\.workerType).joined() } == ["Z", "ABCDBCDC"])
        #expect(excess.map(\.workerType) == ["D", "D"])
        #expect(order.fullRegions == ["us-east-1"])
        let (more, late) = order.take([bid("A"), bid("Z", "eu-west-1")])
        #expect(more.map { $0.bids.map(\.workerType).joined() } == ["Z", ""])
        #expect(late.map(\.workerType) == ["A"])
        order.release([bid("B"), bid("C")])
        #expect(order.fullRegions.isEmpty)
        #expect(order.take(["A", "B", "C"].map { bid($0) }).excess.map(\.workerType) == ["C"])
    }
}
