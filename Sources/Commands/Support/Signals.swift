import Dispatch
import Glibc

/// Runs work that SIGTERM and SIGINT cancel: it ends early and in order, not in the middle of a step.
func withCancellationBySignals<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value)
    async throws -> Value
{
    let task = Task { try await work() }
    let sources = [SIGTERM, SIGINT].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { task.cancel() }
        source.resume()
        return source
    }
    defer { sources.forEach { $0.cancel() } }
    return try await task.value
}
