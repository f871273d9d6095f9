extension Array where Element: Sendable {
    /// Transforms the elements, a limited number at once. The results are in the order of the elements.
    func concurrentMap<Value: Sendable>(
        atMost limit: Int, _ transform: @escaping @Sendable (Element) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (Int, Value).self) { group in
            var results: [(Int, Value)] = []
            for (index, element) in enumerated() {
                if index >= limit, let result = await group.next() { results.append(result) }
                group.addTask { (index, await transform(element)) }
            }
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
