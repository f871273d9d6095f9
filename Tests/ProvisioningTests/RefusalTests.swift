import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Refused launches")
struct RefusalTests {
    private static let both = ["us-east-1", "eu-west-1"]

    /// The failure of a code, as the client of EC2 creates it.
    private static func failure(_ code: String, _ status: Int = 400, _ market: Market = .spot)
        -> ServiceFailure
    {
        ServiceFailure(
            kind: EC2Codes.kind(ofResponse: code, status: status, launching: market), code: code, message: "m"
        )
    }

    /// Refuses the zone or the region of the first launch.
    private final class Refuser: Sendable {
        let place = Mutex<String?>(nil)
        let calls = Mutex(0)

        func refuse(_ call: String, byRegion: Bool, _ failure: ServiceFailure) throws {
            let words = call.split(separator: " ").map(String.init)
            guard words.first == "launch", words.count > 2 else { return }
            let asked = byRegion ? String(words[2].dropLast()) : words[2]
            let refused = place.withLock { place in
                place = place ?? asked
                return place
            }
            guard refused == asked else { return }
            calls.withLock { $0 += 1 }
            throw failure
        }

        var refused: String { place.withLock { $0 ?? "" } }
    }

    private func harness(
        _ refuser: Refuser, byRegion: Bool, _ failure: ServiceFailure, pending: Int = 6
    ) throws -> Harness {
        try Harness(
            ec2: try TestEC2(before: { try refuser.refuse($0, byRegion: byRegion, failure) }),
            queue: TestQueue(["alpha": pending]), workerTypes: ["alpha": .sample(regions: Self.both)])
    }

    @Test(
        "A refusal of a pool or a zone holds it, and the same iteration launches the rest in other pools",
        arguments: [
            ("InsufficientInstanceCapacity", 500, "ZONE c5.xlarge"),
            ("UnfulfillableCapacity", 400, "ZONE c5.xlarge"),
            ("Unsupported", 400, "ZONE c5.xlarge for worker type alpha"),
            ("SpotMaxPriceTooLow", 400, "ZONE c5.xlarge for worker type alpha"),
            ("SomethingNew", 400, "ZONE c5.xlarge for worker type alpha"),
            ("InsufficientFreeAddressesInSubnet", 400, "default subnet of ZONE"),
            ("InsufficientVolumeCapacity", 500, "ZONE for worker type alpha"),
            ("VolumeTypeNotAvailableInZone", 400, "ZONE for worker type alpha"),
        ])
    func place(code: String, status: Int, subject: String) async throws {
        let refuser = Refuser()
        let failure = Self.failure(code, status)
        let harness = try harness(refuser, byRegion: false, failure)
        let report = try await harness.iterate(0)
        let zone = refuser.refused
        #expect(report.count(.launched) == 6)
        #expect(report.outcome == .success)
        let hold = try #require(try harness.database.holds.all().first)
        #expect(hold.subject.name == subject.replacing("ZONE", with: zone))
        #expect(hold.until == .start.plus(minutes: 15))
        #expect(hold.failures == 1, "once for all that were under way together")
        harness.queue.set("alpha", 12)
        let calls = refuser.calls.withLock { $0 }
        #expect(try await harness.iterate(1).count(.launched) == 6)
        #expect(refuser.calls.withLock { $0 } == calls, "it is not asked for again")
    }

    @Test(
        "A limit of the account holds the quota class, or the worker type in the region",
        arguments: [
            ("MaxSpotInstanceCountExceeded", true), ("VcpuLimitExceeded", true),
            ("InstanceLimitExceeded", true), ("VolumeLimitExceeded", false),
            ("MaxIOPSLimitExceeded", false), ("SomeNewLimitExceeded", false),
        ])
    func limit(code: String, isOfSpot: Bool) async throws {
        let refuser = Refuser()
        let harness = try harness(refuser, byRegion: true, Self.failure(code))
        let report = try await harness.iterate(0)
        #expect(report.count(.launched) == 6)
        #expect(harness.ec2.live.allSatisfy { $0.pool.region != refuser.refused })
        let holds = try harness.database.holds.all()
        #expect(
            holds.map(\.subject) == [
                isOfSpot
                    ? .quota(.standard, .spot, region: refuser.refused)
                    : .workerType("alpha", region: refuser.refused)
            ])
        #expect(holds.map(\.until) == [.start.plus(minutes: 5)])
    }

    @Test(
        "A refusal of the definition stops its worker type with a reason, and no other worker type",
        arguments: [
            "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidGroup.NotFound",
            "InvalidSubnetID.NotFound", "InvalidParameterValue", "InvalidParameterCombination",
            "InvalidBlockDeviceMapping", "MissingParameter", "VPCIdNotSpecified",
        ])
    func definition(code: String) async throws {
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch broken") { throw Self.failure(code) }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["broken": 9, "well": 2]),
            workerTypes: ["broken": .sample(regions: Self.both), "well": .sample(regions: Self.both)])
        let report = try await harness.iterate(0)
        #expect(report.count(.launched) == 2)
        let subjects = Set(try harness.database.holds.all().map(\.subject))
        #expect(Self.both.allSatisfy { subjects.contains(.workerType("broken", region: $0)) })
        #expect(subjects.allSatisfy { $0.workerType == "broken" })
        #expect(report.outcome == .degraded)
        let next = try await harness.iterate(1)
        #expect(next.bids.isEmpty)
        #expect(next.decision("broken")?.problems.first?.text.contains(code) == true)
    }

    @Test(
        "A refusal for lack of rights is a misconfiguration, and does not stop other worker types",
        arguments: [
            "UnauthorizedOperation", "AuthFailure", "OptInRequired", "PendingVerification", "AccountDisabled",
            "Blocked",
        ])
    func rights(code: String) async throws {
        let all = Mutex(false)
        let calls = Mutex(0)
        let ec2 = try TestEC2(before: { call in
            guard call.hasPrefix("launch") else { return }
            if all.withLock({ $0 }) || call.hasPrefix("launch broken") {
                calls.withLock { $0 += 1 }
                throw Self.failure(code)
            }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["broken": 9, "well": 9]),
            workerTypes: ["broken": .sample(), "well": .sample()])
        let report = try await harness.iterate(0)
        #expect(!report.isMisconfigured && report.failures.isEmpty)
        #expect(report.outcome == .degraded)
        #expect(
            report.bids.filter { $0.outcome == .launched }.map(\.bid.workerType)
                == Array(repeating: "well", count: 9))
        #expect(calls.withLock { $0 } == 1, "the first launch of a worker type is submitted alone")
        #expect(
            try harness.database.holds.all().map(\.subject) == [.workerType("broken", region: "us-east-1")])
        try await harness.iterate(1)
        #expect(calls.withLock { $0 } == 1, "it is held")
        all.withLock { $0 = true }
        harness.queue.set("well", 30)
        let refused = try await harness.iterate(2)
        #expect(refused.isMisconfigured, "every worker type that launched lacks the right")
        #expect(calls.withLock { $0 } == 2)
    }

    @Test(
        "A temporary refusal holds nothing, and the next iteration repeats the launches",
        arguments: ["RequestLimitExceeded", "InternalError", "Unavailable"])
    func throttled(code: String) async throws {
        let isOver = Mutex(false)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), !isOver.withLock({ $0 }) { throw Self.failure(code, 503) }
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2]), workerTypes: ["alpha": .sample()])
        #expect(try await harness.iterate(0).outcome == .partial)
        let stored = Set(try harness.database.launches.open().map(\.id))
        isOver.withLock { $0 = true }
        let report = try await harness.iterate(1)
        #expect(Set(report.bids.compactMap(\.launchId)).isSuperset(of: stored))
        #expect(harness.ec2.live.count == 2)
        #expect(try harness.database.holds.all().isEmpty)
    }

    @Test("A key pair that is not visible yet holds nothing, and the next iteration repeats the launches")
    func notKnownYet() async throws {
        let isOver = Mutex(false)
        let calls = Mutex(0)
        let ec2 = try TestEC2(before: { call in
            guard call.hasPrefix("launch"), !isOver.withLock({ $0 }) else { return }
            calls.withLock { $0 += 1 }
            throw Self.failure("InvalidKeyPair.NotFound")
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 20]), workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0)
        #expect(report.outcome == .partial)
        #expect(report.failures.map(\.failure.code) == ["InvalidKeyPair.NotFound"])
        #expect(calls.withLock { $0 } <= 4)
        #expect(try harness.database.holds.all().isEmpty)
        isOver.withLock { $0 = true }
        #expect(try await harness.iterate(1).count(.launched) == 20)
    }

    @Test(
        "A client token that was used for a launch leaves that launch open, and nothing is launched in its place"
    )
    func tokenUsed() async throws {
        let calls = Mutex(0)
        let ec2 = try TestEC2(
            before: { call in
                if call.hasPrefix("launch"), calls.withLock({ $0 }) > 0 {
                    throw Self.failure("IdempotentParameterMismatch")
                }
            },
            afterLaunch: {
                calls.withLock { $0 += 1 }
                throw ServiceFailure(kind: .unreachable, code: "cut", message: "cut off")
            })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        harness.ec2.hide(true)
        let report = try await harness.iterate(1)
        #expect(report.bids.map(\.outcome) == [.unanswered])
        #expect(report.decision("alpha")?.tally.requested == 1)
        harness.ec2.hide(false)
        try await harness.iterate(2)
        #expect(harness.ec2.live.count == 1)
        #expect(try harness.database.launches.open().map(\.state) == [.visible])
    }

    @Test("The refusal of a repeated launch holds the pool")
    func repeated() async throws {
        let isCut = Mutex(true)
        let ec2 = try TestEC2(before: { call in
            guard call.hasPrefix("launch"), call.contains("us-east-1") else { return }
            throw isCut.withLock({ $0 })
                ? ServiceFailure(kind: .unreachable, code: "cut", message: "cut off")
                : Self.failure("InsufficientInstanceCapacity")
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        let launch = try #require(try harness.database.launches.open().first)
        isCut.withLock { $0 = false }
        let report = try await harness.iterate(1)
        #expect(report.bids.first?.launchId == launch.id)
        #expect(report.bids.first?.outcome == .failed)
        #expect(try harness.database.holds.all().map(\.subject).contains(.pool(launch.pool, .spot)))
        #expect(report.bids.dropFirst().allSatisfy { $0.bid.pool != launch.pool })
    }

    @Test("The refusal of a repeated launch of an earlier definition does not hold the new definition")
    func repeatedOldDefinition() async throws {
        let isCut = Mutex(true)
        let ec2 = try TestEC2(before: { call in
            guard call.hasPrefix("launch") else { return }
            throw isCut.withLock({ $0 })
                ? ServiceFailure(kind: .unreachable, code: "cut", message: "cut off")
                : Self.failure("InvalidAMIID.NotFound")
        })
        let harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        try await harness.iterate(0)
        _ = try harness.database.workerTypes.update(
            "alpha", .sample(maxCapacity: 50), by: .program, now: .start.plus(minutes: 0.5))
        isCut.withLock { $0 = false }
        let report = try await harness.iterate(1)
        #expect(report.bids.first?.failure?.code == "InvalidAMIID.NotFound")
        #expect(report.bids.count == 1, "the launch counts as requested until EC2 refuses it")
        #expect(try await harness.iterate(2).bids.count >= 1, "the new definition is tried for itself")
    }
}
