import Domain

/// Runs a call and returns its failure as a value. An error that is no `ServiceFailure` is a bug of ours.
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

/// Runs a call for each item, a limited number at once, and returns the results in the order of the items.
func concurrently<Item: Sendable, Value: Sendable>(
    _ items: [Item], atMost limit: Int, _ body: @escaping @Sendable (Item) async -> Value
) async -> [Value] {
    await withTaskGroup(of: (Int, Value).self) { group in
        var results: [(Int, Value)] = []
        for (index, item) in items.enumerated() {
            if index >= limit, let result = await group.next() { results.append(result) }
            group.addTask { (index, await body(item)) }
        }
        for await result in group { results.append(result) }
        return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
