import Cryptography
import Domain
import Foundation
import Logging
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Declarations to the Queue")
struct DeclarationTests {
    /// A Queue that keeps the accepted declarations and refuses others.
    final class TestDeclarations: DeclarationService {
        struct Call: Hashable {
            let subject: QueueDeclaration.Subject
            let description: String
            let expires: Date
        }

        private let calls = Mutex<[Call]>([])
        let failure = Mutex<[QueueDeclaration.Subject: ServiceFailure]>([:])
        let attempts = Mutex(0)

        /// The calls since the last time, in the order of their descriptions.
        func taken() -> [Call] {
            calls.withLock { calls in
                defer { calls = [] }
                return calls.sorted { "\($0.subject)" < "\($1.subject)" }
            }
        }

        func declare(_ declaration: QueueDeclaration, provisionerId: String, expires: Date) async throws {
            attempts.withLock { $0 += 1 }
            #expect(provisionerId == "p")
            if let failure = failure.withLock({ $0[declaration.subject] }) { throw failure }
            calls.withLock {
                $0.append(
                    Call(
                        subject: declaration.subject, description: declaration.description, expires: expires))
            }
        }
    }

    private let service = TestDeclarations()
    private var harness: Harness

    init() throws {
        var alpha = WorkerTypeDefinition.sample()
        alpha.description = "builds"
        harness = try Harness(queue: TestQueue([:]), workerTypes: ["alpha": alpha, "beta": .sample()])
    }

    @discardableResult
    private func iterate(_ minute: Double, dryRun: Bool = false, off: Bool = false) async throws
        -> IterationReport
    {
        let now = Date.start.plus(minutes: minute)
        harness.ec2.advance(to: now)
        let report = try await ProvisioningIteration(
            database: harness.database, deployment: harness.deployment, ec2: harness.ec2,
            queue: harness.queue, declarations: off ? nil : service, deadline: .distantFuture,
            dryRun: dryRun, clock: { now }, random: { try SecureRandom.bytes($0) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
        #expect(report.outcome == .success)
        return report
    }

    @Test("The provisioner and each worker type are declared once a day")
    func daily() async throws {
        try await iterate(0, dryRun: true)
        try await iterate(0, off: true)
        #expect(service.taken() == [])
        try await iterate(0)
        let calls = service.taken()
        #expect(calls.map(\.subject) == [.provisioner, .workerType("alpha"), .workerType("beta")])
        #expect(calls.map(\.description).dropFirst().first == "builds")
        #expect(calls.allSatisfy { $0.expires == .start.addingTimeInterval(7 * 86_400) })
        try await iterate(1)
        try await iterate(1439)
        #expect(service.taken() == [])
        try await iterate(1440)
        #expect(service.taken().count == 3)
    }

    @Test("A change of the description is declared at once, and no other change")
    func change() async throws {
        try await iterate(0)
        _ = service.taken()
        var alpha = WorkerTypeDefinition.sample(maxCapacity: 7)
        alpha.description = "builds"
        _ = try harness.database.workerTypes.update(
            "alpha", alpha, by: .program, now: .start.plus(minutes: 1))
        try await iterate(2)
        #expect(service.taken() == [])
        alpha.description = "tests"
        _ = try harness.database.workerTypes.update(
            "alpha", alpha, by: .program, now: .start.plus(minutes: 3))
        try await iterate(4)
        #expect(service.taken().map(\.description) == ["tests"])
    }

    @Test("A Queue without the methods receives no declarations for a day, and that is no problem")
    func unsupported() async throws {
        service.failure.withLock {
            $0[.provisioner] = ServiceFailure(kind: .notFound, code: "http-404", message: "")
        }
        #expect(try await iterate(0).warnings == [])
        try await iterate(1)
        #expect(service.attempts.withLock { $0 } == 1)
        service.failure.withLock { $0 = [:] }
        try await iterate(1439)
        #expect(service.taken() == [])
        try await iterate(1440)
        #expect(service.taken().count == 3)
    }

    @Test("Another Queue receives all declarations at once")
    mutating func otherQueue() async throws {
        try await iterate(0)
        _ = service.taken()
        harness.deployment.rootUrl = "https://other.test"
        try await iterate(1)
        #expect(service.taken().count == 3)
    }

    @Test("A refused declaration is a warning, never a failure, and is repeated after an hour")
    func refused() async throws {
        let refusal = ServiceFailure(kind: .unauthorized, code: "InsufficientScopes", message: "no scope")
        service.failure.withLock { $0[.workerType("alpha")] = refusal }
        let report = try await iterate(0)
        #expect(service.taken().map(\.subject) == [.provisioner, .workerType("beta")])
        #expect(report.failures.isEmpty)
        #expect(report.warnings.count == 1 && report.warnings.first?.contains("no scope") == true)
        service.failure.withLock { $0 = [:] }
        #expect(try await iterate(59).warnings == [])
        #expect(service.taken() == [])
        try await iterate(60)
        #expect(service.taken().map(\.subject) == [.workerType("alpha")])
    }

    @Test("The first call without a response ends the declarations of an iteration")
    func unreachable() async throws {
        service.failure.withLock {
            $0[.provisioner] = ServiceFailure(kind: .unreachable, code: "unreachable", message: "no response")
        }
        #expect(try await iterate(0).warnings.count == 1)
        #expect(service.attempts.withLock { $0 } == 1)
        service.failure.withLock { $0 = [:] }
        try await iterate(60)
        #expect(service.taken().count == 3)
    }
}
