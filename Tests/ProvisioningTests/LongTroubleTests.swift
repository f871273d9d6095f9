import Domain
import Formats
import Foundation
import Provisioning
import Simulation
import Storage
import Synchronization
import TestSupport
import TestTags
import Testing

@Suite("Hours of one trouble", .tags(.slow))
struct LongTroubleTests {
    /// A worker type with a constant number of tasks, with an iteration a minute. Workers check in as soon as EC2 shows that
    /// their instance runs, except in one region.
    private struct Run {
        var harness: Harness
        let tasks: Int
        /// Receives the number of live instances before each iteration.
        var observe: (Int) -> Void = { _ in }
        /// Minutes after which workers end their instances.
        var life = Double.infinity
        /// The region whose image is broken.
        var brokenRegion: String?
        private var checkedIn: Set<String> = []

        init(
            tasks: Int, regions: [String], before: @escaping @Sendable (String) throws -> Void
        ) throws {
            let ec2 = try TestEC2(before: { call in if call.hasPrefix("launch ") { try before(call) } })
            harness = try Harness(
                ec2: ec2, queue: TestQueue(["alpha": tasks]),
                workerTypes: ["alpha": .sample(maxCapacity: 3000, regions: regions)])
            self.tasks = tasks
        }

        /// Runs the iteration of a minute.
        mutating func iterate(_ minute: Int) async throws -> IterationReport {
            let now = Date.start.plus(minutes: Double(minute))
            harness.ec2.advance(to: now)
            let old = harness.ec2.live.filter { now.timeIntervalSince($0.launchTime) >= life * 60 }
            harness.ec2.change { ec2, now in ec2.terminate(old.map(\.id), now: now) }
            for instance in harness.ec2.live
            where instance.state == .running && instance.pool.region != brokenRegion {
                guard checkedIn.insert(instance.id).inserted else { continue }
                let userData = try JSONValue(parsing: Data(harness.ec2.userData(of: instance.id).utf8))
                _ = try harness.database.secrets.take(
                    token: userData.objectValue?["securityToken"]?.stringValue ?? "", now: now)
            }
            harness.queue.set("alpha", max(0, tasks - workers))
            observe(harness.ec2.live.count)
            return try await harness.iterate(Double(minute))
        }

        /// The number of live workers that checked in.
        var workers: Int { harness.ec2.live.count { checkedIn.contains($0.id) } }
    }

    private static func failure(_ code: String, status: Int) -> ServiceFailure {
        ServiceFailure(
            kind: EC2Codes.kind(ofResponse: code, status: status, launching: .spot), code: code, message: "m")
    }

    @Test("A fleet at its quota of 10 with 30 tasks uses the quota over twelve hours")
    func quota() async throws {
        let quota = 10
        // Launches run concurrently.
        let free = Mutex(quota)
        var run = try Run(tasks: 30, regions: ["us-east-1"]) { _ in
            let isGiven = free.withLock { free in
                free -= 1
                return free >= 0
            }
            if !isGiven { throw Self.failure("MaxSpotInstanceCountExceeded", status: 400) }
        }
        run.observe = { live in free.withLock { $0 = quota - live } }
        run.life = 120
        var used = 0
        for minute in 0..<720 {
            _ = try await run.iterate(minute)
            #expect(run.harness.ec2.live.count <= quota)
            used += run.harness.ec2.live.count
        }
        #expect(used >= quota * 720 * 9 / 10, "\(used) instance minutes of \(quota * 720)")
    }

    @Test("Three pools that give two instances each ten minutes yield nearly all of them")
    func scarcePools() async throws {
        let minute = Mutex(0)
        let taken = Mutex<[String: Int]>([:])
        let zones = ["us-east-1a", "us-east-1b", "eu-west-1a"]
        var run = try Run(tasks: 2000, regions: ["us-east-1", "eu-west-1"]) { call in
            let zone = call.split(separator: " ").dropFirst(2).first.map(String.init) ?? ""
            let slot = "\(zone) \(minute.withLock { $0 } / 10)"
            let isGiven = taken.withLock { taken in
                guard zones.contains(zone), taken[slot, default: 0] < 2 else { return false }
                taken[slot, default: 0] += 1
                return true
            }
            if !isGiven { throw Self.failure("InsufficientInstanceCapacity", status: 500) }
        }
        var launched = 0
        for current in 0..<720 {
            minute.withLock { $0 = current }
            launched += try await run.iterate(current).count(.launched)
        }
        let possible = 2 * 72 * zones.count
        #expect(launched >= possible * 9 / 10, "\(launched) of \(possible)")
    }

    @Test(
        "An image that is broken in the cheapest region costs few launches, and the healthy region serves the tasks"
    )
    func brokenImage() async throws {
        // The first iteration of another run shows the cheapest pool.
        var probe = try Run(tasks: 1, regions: ["us-east-1", "eu-west-1"]) { _ in }
        let cheapest = try #require(try await probe.iterate(0).bids.first?.bid.pool.region)
        var run = try Run(tasks: 10, regions: ["us-east-1", "eu-west-1"]) { _ in }
        run.harness.deployment.rules.maxPoolShare = 1
        run.brokenRegion = cheapest
        var broken = 0
        for minute in 0..<720 {
            let report = try await run.iterate(minute)
            broken += report.bids.count { $0.outcome == .launched && $0.bid.pool.region == cheapest }
            if minute >= 120 { #expect(run.workers == 10, "minute \(minute)") }
        }
        #expect((1...15).contains(broken), "\(broken) launches in the region with the broken image")
    }

    @Test(
        "A region whose launches fail for an hour is left for another region within two iterations",
        arguments: [("InternalError", 500), ("RequestLimitExceeded", 503), ("unreachable", 0)])
    func outage(code: String, status: Int) async throws {
        let minute = Mutex(0)
        let calls = Mutex<[Int: Int]>([:])
        var run = try Run(tasks: 20, regions: ["us-east-1", "eu-west-1"]) { call in
            guard call.contains("us-east-1") else { return }
            let now = minute.withLock { $0 }
            calls.withLock { $0[now, default: 0] += 1 }
            guard now < 60 else { return }
            throw status == 0
                ? ServiceFailure(kind: .unreachable, code: code, message: "no response")
                : Self.failure(code, status: status)
        }
        for current in 0..<120 {
            minute.withLock { $0 = current }
            _ = try await run.iterate(current)
            let live = run.harness.ec2.live
            if current >= 1 {
                #expect(live.count >= 20 - RoundRefusals.unansweredLimit - 3, "minute \(current)")
            }
            #expect(live.count <= 20, "minute \(current)")
        }
        #expect(run.workers == 20)
        let most = calls.withLock { $0 }.filter { $0.key < 60 }.values.max() ?? 0
        // Both the submissions and the repeats fail up to the limit. At most three more are under way then.
        #expect((1...2 * (RoundRefusals.unansweredLimit + 3)).contains(most), "\(most) calls in an iteration")
    }
}
