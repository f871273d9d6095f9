import Dispatch
import Synchronization

/// The main thread of a program.
package enum MainThread {
    /// Runs asynchronous work while the main thread waits for its end.
    ///
    /// `await` at the top level would end the main thread. The system shows a process with the user of its main thread,
    /// which then stays root after the process became the service user.
    package static func wait<Value: Sendable>(for work: @escaping @Sendable () async -> Value) -> Value {
        let result = Mutex<Value?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let value = await work()
            result.withLock { $0 = value }
            done.signal()
        }
        while true {
            done.wait()
            if let value = result.withLock({ $0 }) { return value }
        }
    }
}
