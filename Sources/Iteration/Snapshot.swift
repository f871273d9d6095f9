public import Domain

/// A call of this iteration that failed, and what it was about.
public struct FailedCall: Error, Sendable {
    /// `region us-east-1`, `queue alpha`, `terminate us-east-1` and so on.
    public let subject: String
    public let failure: ServiceFailure

    public init(_ subject: String, _ failure: ServiceFailure) {
        self.subject = subject
        self.failure = failure
    }
}

/// What the outside world said when an iteration asked, and what it said last where it did not answer.
struct Snapshot: Sendable {
    /// The regions that answered.
    var fresh: [RegionState] = []
    /// What was last known of those that did not.
    var stale: [RegionState] = []
    /// The managed regions that may be bid in: they answered, have prices and the key pair.
    var biddable: Set<String> = []
    var prices: [SpotPrice] = []
    var pendingTasks: [String: Int] = [:]
    /// What the queue of EC2's notices held.
    var drained = InterruptionDrain.Result()
    var failures: [FailedCall] = []
    /// Whether anything at all was asked for, and everything failed.
    var nobodyAnswered = false

    /// The available zones of the regions that may be bid in.
    var zones: [String: [String]] {
        Dictionary(
            fresh.filter { biddable.contains($0.region) }.map { ($0.region, $0.availabilityZones) },
            uniquingKeysWith: { first, _ in first })
    }
}

/// Runs a call and gives its failure as a value. Errors that are no `ServiceFailure` come from our own side.
func attempt<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
) async -> Result<Value, ServiceFailure> {
    do {
        return .success(try await body())
    } catch let failure as ServiceFailure {
        return .failure(failure)
    } catch {
        return .failure(ServiceFailure(kind: .unreachable, code: "internal", message: "\(error)"))
    }
}

/// Runs a call for each item, a few at the same time, and gives the answers in the items' order.
func concurrently<Item: Sendable, Answer: Sendable>(
    _ items: [Item], atMost limit: Int, _ body: @escaping @Sendable (Item) async -> Answer
) async -> [Answer] {
    await withTaskGroup(of: (Int, Answer).self) { group in
        var answers: [(Int, Answer)] = []
        for (index, item) in items.enumerated() {
            if index >= limit, let answer = await group.next() { answers.append(answer) }
            group.addTask { (index, await body(item)) }
        }
        for await answer in group { answers.append(answer) }
        return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
