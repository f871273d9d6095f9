import Formats
import FoundationEssentials
import TestSupport
import Testing

@testable import Domain

@Suite("Holds")
struct HoldTests {
    private static let pool = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
    private static let rules = ProvisioningRules()

    private static func failure(_ kind: ServiceFailure.Kind, _ code: String = "code") -> ServiceFailure {
        ServiceFailure(kind: kind, code: code, message: "m")
    }

    private static func target(
        _ workerType: String = "alpha", zone: String = "us-east-1a", type: String = "c5.xlarge",
        market: Market = .spot, subnet: String? = nil, bid: Price? = nil
    ) -> LaunchTarget {
        LaunchTarget(
            workerType: workerType, market: market,
            pool: Pool(region: String(zone.dropLast()), availabilityZone: zone, instanceType: type),
            subnet: subnet, bidPrice: bid)
    }

    /// The lengths in minutes of the holds after failures that each follow the end of the hold before.
    private func lengths(_ kind: ServiceFailure.Kind, count: Int = 6) -> [Double] {
        var (now, lengths) = (Date.start, [Double]())
        var ledger = HoldLedger([], rules: Self.rules, now: now)
        for _ in 0..<count {
            ledger.beginIteration(now: now)
            let hold = ledger.recordFailure(of: Self.target(), Self.failure(kind), definition: "d").first
            lengths.append((hold?.until.timeIntervalSince(now) ?? 0) / 60)
            now = hold?.until ?? now
        }
        return lengths
    }

    @Test("Holds on capacity and definitions double up to four hours, holds on quotas do not grow")
    func growth() {
        #expect(lengths(.noCapacity) == [15, 30, 60, 120, 240, 240])
        #expect(lengths(.missingResource) == [30, 60, 120, 240, 240, 240])
        #expect(lengths(.spotLimit) == [5, 5, 5, 5, 5, 5])
        #expect(lengths(.newProfile, count: 5) == [2, 4, 8, 16, 32])
    }

    @Test("Several failures of one subject in an iteration count once")
    func concurrentFailures() {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        for _ in 0..<3 {
            _ = ledger.recordFailure(of: Self.target(), Self.failure(.noCapacity), definition: "d")
        }
        let hold = ledger.active.hold(on: Self.pool, .spot)
        #expect(hold?.failures == 1 && hold?.until == .start.plus(minutes: 15))
    }

    @Test(
        "A refusal holds the smallest subject that its kind can mean",
        arguments: [
            (.noCapacity, "us-east-1a c5.xlarge"), (.other, "us-east-1a c5.xlarge for worker type alpha"),
            (.noZoneCapacity, "us-east-1a for worker type alpha"),
            (.subnetFull, "default subnet of us-east-1a"), (.spotLimit, "quota Standard spot in us-east-1"),
            (.regionLimit, "us-east-1 for worker type alpha"),
            (.unsuitableType, "instance type c5.xlarge for worker type alpha"),
            (.unusableZone, "us-east-1a for worker type alpha"),
            (.missingResource, "us-east-1 for worker type alpha"),
            (.unauthorized, "us-east-1 for worker type alpha"), (.noSpotRole, "spot in the account"),
            (.unresponsive, "us-east-1"),
        ] as [(ServiceFailure.Kind, String)])
    func subjects(kind: ServiceFailure.Kind, name: String) {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        let holds = ledger.recordFailure(of: Self.target(), Self.failure(kind), definition: "d")
        #expect(holds.map(\.subject.name) == [name])
        #expect(holds.allSatisfy { $0.subject.covers(Self.target()) })
        #expect(HoldSubject.kinds.contains(holds.first?.subject.kind ?? ""))
    }

    @Test(
        "Failures that say nothing about an offer hold nothing",
        arguments: [.throttled, .notFound, .tokenUsed, .alreadyEnded, .unreachable, .credentials]
            as [ServiceFailure.Kind])
    func noHold(kind: ServiceFailure.Kind) {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        #expect(ledger.recordFailure(of: Self.target(), Self.failure(kind), definition: "d").isEmpty)
    }

    @Test("A subject covers the launches with all its properties")
    func covering() {
        let pool = HoldSubject.pool(Self.pool, .spot)
        #expect(pool.covers(Self.target()) && pool.covers(Self.target("beta")))
        #expect(!pool.covers(Self.target(market: .onDemand)))
        #expect(!pool.covers(Self.target(type: "m5.xlarge")) && !pool.covers(Self.target(zone: "us-east-1b")))
        let quota = HoldSubject.quota(.g, .spot, region: "us-east-1")
        #expect(
            quota.covers(Self.target(type: "g5.xlarge")) && quota.covers(Self.target(type: "vt1.3xlarge")))
        #expect(
            !quota.covers(Self.target()) && !quota.covers(Self.target(zone: "eu-west-1a", type: "g5.xlarge")))
        let subnet = HoldSubject(region: "us-east-1", subnet: "subnet-1")
        #expect(subnet.covers(Self.target(subnet: "subnet-1")) && !subnet.covers(Self.target()))
        #expect(HoldSubject(market: .spot).covers(Self.target(zone: "eu-west-1a")))
    }

    @Test(
        "Instance types belong to the quota class of their family",
        arguments: [
            ("c5.xlarge", .standard), ("t3a.micro", .standard), ("im4gn.large", .standard),
            ("f1.2xlarge", .f),
            ("g4dn.xlarge", .g), ("gr6.4xlarge", .g), ("vt1.3xlarge", .g), ("p5.48xlarge", .p),
            ("x2idn.16xlarge", .x), ("inf2.xlarge", .inf), ("trn1n.32xlarge", .trn), ("dl1.24xlarge", .dl),
            ("hpc7g.4xlarge", .hpc), ("u-6tb1.metal", .highMemory), ("u7i-12tb.224xlarge", .highMemory),
            ("mac2.metal", .mac),
        ] as [(String, QuotaClass)])
    func quotaClasses(type: String, quotaClass: QuotaClass) {
        #expect(QuotaClass(instanceType: type) == quotaClass)
    }

    @Test("A launch ends the hold of its subject, and shows for an hour that the pool is scarce")
    func scarce() throws {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        for minute in [0.0, 20, 60] {
            ledger.beginIteration(now: .start.plus(minutes: minute))
            _ = ledger.recordFailure(of: Self.target(), Self.failure(.noCapacity), definition: nil)
        }
        ledger.beginIteration(now: .start.plus(minutes: 90))
        let ended = try #require(ledger.recordLaunch(of: Self.target()).first)
        #expect(ended.failures == 0 && ended.until == .start.plus(minutes: 90))
        ledger.beginIteration(now: .start.plus(minutes: 100))
        let short = ledger.recordFailure(of: Self.target(), Self.failure(.noCapacity), definition: nil)
        #expect(short.map(\.until) == [.start.plus(minutes: 105)])
        ledger.beginIteration(now: .start.plus(minutes: 151))
        let long = ledger.recordFailure(of: Self.target(), Self.failure(.noCapacity), definition: nil)
        #expect(long.map(\.until) == [.start.plus(minutes: 166)])
    }

    @Test("A refusal beside a launch under the same subject counts as scarcity")
    func partial() {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        let bid = Bid(
            workerType: "alpha", pool: Self.pool, capacity: 1, market: .spot, spotPrice: .zero,
            effectivePrice: .zero, bidPrice: .zero)
        let holds = ledger.learn(from: [
            BidResult(bid, .failed, failure: Self.failure(.noCapacity)),
            BidResult(bid, .launched, answer: LaunchResponse(instanceId: "i-1")),
        ])
        #expect(holds.map(\.failures) == [0])
        #expect(holds.map(\.until) == [.start.plus(minutes: 5)])
    }

    @Test("The same code for a second worker type or region widens what can concern all of them")
    func widening() {
        func subjects(
            _ kind: ServiceFailure.Kind, _ targets: [LaunchTarget], launched: LaunchTarget? = nil,
            codes: [String] = ["code", "code"]
        ) -> Set<String> {
            var ledger = HoldLedger([], rules: Self.rules, now: .start)
            if let launched { _ = ledger.recordLaunch(of: launched) }
            var names: Set<String> = []
            for (target, code) in zip(targets, codes) {
                names.formUnion(
                    ledger.recordFailure(of: target, Self.failure(kind, code), definition: target.workerType)
                        .map(\.subject.name))
            }
            return names
        }
        let types = [Self.target("alpha"), Self.target("beta")]
        let regions = [Self.target(), Self.target(zone: "eu-west-1a")]
        #expect(subjects(.regionLimit, types).contains("us-east-1"))
        #expect(!subjects(.regionLimit, types, codes: ["code", "other"]).contains("us-east-1"))
        #expect(!subjects(.regionLimit, types, launched: Self.target("gamma")).contains("us-east-1"))
        #expect(subjects(.other, types).contains("us-east-1a c5.xlarge"))
        #expect(subjects(.definition, regions).contains("worker type alpha"))
        for kind: ServiceFailure.Kind in [.missingResource, .unauthorized] {
            #expect(subjects(kind, types + regions, codes: Array(repeating: "code", count: 4)).count == 3)
        }
    }

    @Test("A hold does not count one day after its end")
    func forgotten() {
        let subject = HoldSubject.pool(Self.pool, .spot)
        let old = Hold(subject: subject, until: .start, failures: 4, code: "c", message: "m", since: .start)
        func failures(after minutes: Double) -> Int? {
            var ledger = HoldLedger([old], rules: Self.rules, now: .start.plus(minutes: minutes))
            return ledger.recordFailure(of: Self.target(), Self.failure(.noCapacity), definition: nil).first?
                .failures
        }
        #expect(failures(after: 23 * 60) == 5)
        #expect(failures(after: 25 * 60) == 1)
    }

    @Test("A hold of a definition does not apply to another definition")
    func definitions() throws {
        let type = WorkerType.sample("alpha", .sample(), lastModified: .start)
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        _ = ledger.recordFailure(
            of: Self.target(), Self.failure(.missingResource), definition: type.definition.fingerprint)
        let again = WorkerType.sample("alpha", type.definition, lastModified: .start.plus(minutes: 5))
        #expect(ledger.active.view(of: again).hold(on: Self.pool, .spot) != nil, "stored again")
        let other = WorkerType.sample("alpha", .sample(maxCapacity: 77), lastModified: .start)
        #expect(ledger.active.view(of: other).hold(on: Self.pool, .spot) == nil)
        #expect(ledger.active.hold(on: Self.pool, .spot) == nil, "other worker types")
    }

    @Test("A hold for a price applies to bids up to the refused one")
    func price() {
        let type = WorkerType.sample("alpha", .sample(), lastModified: .start)
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        _ = ledger.recordFailure(
            of: Self.target(bid: Price(usd: 0.1)), Self.failure(.priceTooLow),
            definition: type.definition.fingerprint)
        let view = ledger.active.view(of: type)
        #expect(view.hold(on: Self.pool, .spot, bidPrice: Price(usd: 0.1)) != nil)
        #expect(view.hold(on: Self.pool, .spot, bidPrice: Price(usd: 0.11)) == nil)
    }

    @Test("A full subnet does not hold launches in another subnet of the zone")
    func subnets() {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        _ = ledger.recordFailure(
            of: Self.target(subnet: "subnet-1"), Self.failure(.subnetFull), definition: nil)
        func hold(_ subnet: String?) -> Hold? {
            var definition = WorkerTypeDefinition.sample()
            definition.availabilityZones = [
                AvailabilityZoneConfiguration(
                    region: "us-east-1", availabilityZone: "us-east-1a",
                    launchSpec: subnet.map { ["SubnetId": .string($0)] } ?? [:])
            ]
            let type = WorkerType.sample("alpha", definition, lastModified: .start)
            return ledger.active.view(of: type).hold(on: Self.pool, .spot)
        }
        #expect(hold("subnet-1") != nil)
        #expect(hold("subnet-2") == nil && hold(nil) == nil)
    }

    @Test("Interruptions hold a pool longer each time, also when launches follow")
    func interruptions() {
        var ledger = HoldLedger([], rules: Self.rules, now: .start)
        var lengths: [Double] = []
        for minute in [0.0, 10, 30] {
            let now = Date.start.plus(minutes: minute)
            ledger.beginIteration(now: now)
            let holds = ledger.recordFailure(of: Self.target(), Self.failure(.interrupted), definition: nil)
            lengths += holds.map { $0.until.timeIntervalSince(now) / 60 }
            ledger.beginIteration(now: now.plus(minutes: 5))
            _ = ledger.recordLaunch(of: Self.target())
        }
        #expect(lengths == [5, 10, 20])
    }

    @Test(
        "The subjects of earlier versions can be read",
        arguments: [
            (
                #"{"pool":{"_0":{"availabilityZone":"us-east-1a","instanceType":"c5.xlarge","region":"us-east-1"}}}"#,
                HoldSubject.pool(pool, .spot)
            ),
            (
                #"{"zone":{"region":"us-east-1","zone":"us-east-1a"}}"#,
                HoldSubject(region: "us-east-1", zone: "us-east-1a")
            ),
            (#"{"region":{"_0":"us-east-1"}}"#, .region("us-east-1")),
            (#"{"regionSpot":{"_0":"us-east-1"}}"#, HoldSubject(market: .spot, region: "us-east-1")),
            (#"{"workerType":{"_0":"alpha"}}"#, .workerType("alpha")),
            (#"{"workerType":"alpha"}"#, .workerType("alpha")),
            (#"{"region":"us-east-1"}"#, .region("us-east-1")),
        ] as [(String, HoldSubject)])
    func earlierSubjects(json: String, subject: HoldSubject) throws {
        #expect(try JSONDecoder().decode(HoldSubject.self, from: Data(json.utf8)) == subject)
    }

    @Test("A hold of another kind outweighs a longer hold of an interrupted pool")
    func strength() {
        func hold(_ subject: HoldSubject, _ kind: ServiceFailure.Kind, minutes: Double) -> Hold {
            Hold(
                subject: subject, until: .start.plus(minutes: minutes), failures: 1, code: "code",
                message: "m",
                since: .start, kind: kind)
        }
        let quota = hold(.quota(.standard, .spot, region: "us-east-1"), .spotLimit, minutes: 5)
        let interrupted = hold(.pool(Self.pool, .spot), .interrupted, minutes: 20)
        let scarce = hold(.pool(Self.pool, .spot), .noCapacity, minutes: 15)
        func strongest(_ holds: [Hold]) -> ServiceFailure.Kind? {
            Holds(holds, now: .start).hold(on: Self.pool, .spot)?.kind
        }
        #expect(strongest([quota, interrupted]) == .spotLimit)
        #expect(strongest([interrupted, quota]) == .spotLimit)
        #expect(strongest([quota, scarce]) == .noCapacity)
        #expect(strongest([interrupted]) == .interrupted)
    }
}
