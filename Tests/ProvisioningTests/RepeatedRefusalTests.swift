import Domain
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Repeated refusals")
struct RepeatedRefusalTests {
    @Test("Repeated refusals lengthen the hold, a launch ends the count, and a day resets it")
    func memory() async throws {
        let isEmpty = Mutex(true)
        let ec2 = try TestEC2(before: { call in
            if call.hasPrefix("launch"), isEmpty.withLock({ $0 }) {
                throw ServiceFailure(
                    kind: .noCapacity, code: "InsufficientInstanceCapacity", message: "m")
            }
        })
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 1]),
            workerTypes: ["alpha": .sample(regions: ["us-east-1"])])
        harness.deployment.regions = ["us-east-1"]
        func failures() throws -> [Int] { try harness.database.holds.all().map(\.failures) }
        for (minute, count) in [(0.0, 1), (16, 2), (47, 3), (108, 4)] {
            try await harness.iterate(minute)
            #expect(try failures() == [count, count])
        }
        try await harness.iterate(150)
        #expect(try failures() == [4, 4], "120 minutes are not over")
        isEmpty.withLock { $0 = false }
        harness.queue.set("alpha", 2)
        try await harness.iterate(230)
        #expect(try failures() == [0, 0])
        #expect(try harness.database.holds.all().allSatisfy { $0.until <= .start.plus(minutes: 230) })
        isEmpty.withLock { $0 = true }
        harness.queue.set("alpha", 6)
        try await harness.iterate(231)
        #expect(try failures() == [0, 0], "the pools are scarce")
        #expect(try harness.database.holds.all().allSatisfy { $0.until == .start.plus(minutes: 236) })
        try await harness.iterate(231 + 60)
        #expect(try failures() == [1, 1])
        try await harness.iterate(231 + 60 + 15 + 25 * 60)
        #expect(try failures() == [1, 1])
    }
}
