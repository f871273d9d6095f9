import Cryptography
import Domain
import FoundationEssentials
import Storage

/// Declares the provisioner and its worker types to the Queue: each once a day, and after a change.
struct QueueDeclarer: Sendable {
    /// Seconds. A declaration outlives some missed days, and a removed worker type disappears after them.
    private enum Time {
        static let repetition: TimeInterval = 86_400
        static let life: TimeInterval = 7 * 86_400
        static let pauseWithoutMethods: TimeInterval = 86_400
        static let pauseAfterFailure: TimeInterval = 3600
    }

    private static let declarationsAtOnce = 8
    /// Declarations of one iteration; the others follow in the next iterations.
    private static let limit = 500

    let service: any DeclarationService
    let deployment: Deployment
    /// The stored records.
    let stored: [DeclarationStore.Subject: DeclarationStore.Record]
    let now: Date

    struct Result: Sendable {
        var records: [DeclarationStore.Record] = []
        /// The Queue does not have the methods.
        var isUnsupported = false
        var failure: ServiceFailure?
    }

    /// Sends the declarations that are due.
    func declare(_ workerTypes: [WorkerType]) async -> Result {
        var result = Result()
        guard let due = try? due(workerTypes), !due.isEmpty else { return result }
        // The provisioner comes first: its failure shows whether the others can succeed.
        let isFirst = { (item: Due) in item.declaration.subject == .provisioner }
        for item in due.filter(isFirst) { add(await declare(item), of: item, to: &result) }
        await withTaskGroup(of: (Due, ServiceFailure?).self) { group in
            var rest = due.filter { !isFirst($0) }.prefix(Self.limit)[...]
            func startNext() {
                guard !isPaused(result), !Task.isCancelled, let item = rest.popFirst() else { return }
                group.addTask { (item, await declare(item)) }
            }
            for _ in 0..<Self.declarationsAtOnce { startNext() }
            while let (item, failure) = await group.next() {
                add(failure, of: item, to: &result)
                startNext()
            }
        }
        return result
    }

    private struct Due: Sendable {
        let declaration: QueueDeclaration
        let digest: String
    }

    /// The declarations that are due.
    private func due(_ workerTypes: [WorkerType]) throws -> [Due] {
        let id = deployment.ownership.provisionerId
        if let pause = stored[.pause], pause.digest == (try queueDigest), pause.dueAt > now { return [] }
        let all =
            [QueueDeclaration(.provisioner, description: "EC2 instances, launched by aws-provisioner")]
            + workerTypes.map {
                QueueDeclaration(.workerType($0.name), description: $0.definition.description)
            }
        return try all.compactMap { declaration in
            let digest = try Self.digest([
                deployment.rootUrl, id, QueueDeclaration.stability, declaration.description,
            ])
            let record = stored[.declaration(declaration.subject)]
            let isDue = record.map { $0.digest != digest || $0.dueAt <= now } ?? true
            return isDue ? Due(declaration: declaration, digest: digest) : nil
        }
    }

    private func declare(_ item: Due) async -> ServiceFailure? {
        do {
            try await service.declare(
                item.declaration, provisionerId: deployment.ownership.provisionerId,
                expires: now.addingTimeInterval(Time.life))
            return nil
        } catch let failure as ServiceFailure {
            return failure
        } catch {
            return ServiceFailure(kind: .other, code: "declaration", message: "\(error)")
        }
    }

    private func add(_ failure: ServiceFailure?, of item: Due, to result: inout Result) {
        func record(
            _ subject: DeclarationStore.Subject, _ digest: String, declaredAt: Date? = nil,
            dueAfter time: TimeInterval
        ) {
            result.records.append(
                DeclarationStore.Record(
                    subject, digest: digest, declaredAt: declaredAt, dueAt: now.addingTimeInterval(time)))
        }
        let subject = DeclarationStore.Subject.declaration(item.declaration.subject)
        guard let failure else {
            return record(subject, item.digest, declaredAt: now, dueAfter: Time.repetition)
        }
        // An iteration that ends early says nothing about the Queue.
        if Task.isCancelled { return }
        switch failure.kind {
        case .notFound:
            result.isUnsupported = true
            if let digest = try? queueDigest { record(.pause, digest, dueAfter: Time.pauseWithoutMethods) }
        case .unreachable, .throttled:
            result.failure = failure
            if let digest = try? queueDigest { record(.pause, digest, dueAfter: Time.pauseAfterFailure) }
        default:
            result.failure = failure
            record(subject, item.digest, dueAfter: Time.pauseAfterFailure)
        }
    }

    private func isPaused(_ result: Result) -> Bool { result.records.contains { $0.subject == .pause } }

    /// Identifies the Queue: another Queue may have the methods.
    private var queueDigest: String { get throws { try Self.digest([deployment.rootUrl]) } }

    private static func digest(_ lines: [String]) throws -> String {
        try SHA256.hash(lines.joined(separator: "\n").utf8).hexadecimal
    }
}
