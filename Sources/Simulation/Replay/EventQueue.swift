import HeapModule

/// Future events in order of time. Events of the same time keep the order in which they were added.
struct EventQueue: Sendable {
    enum Event: Sendable {
        /// Its worker checks in.
        case booted(instance: Int)
        /// Its worker begins to claim tasks.
        case claims(instance: Int)
        /// It no longer counts as booting.
        case countsAsRunning(instance: Int)
        case taskEnded(task: Int, instance: Int)
        /// Outdated if the worker's `idleSerial` has changed since.
        case idleTimeout(instance: Int, serial: Int)
        case interrupted(instance: Int)
        /// EC2 withdraws capacity from a pool.
        case capacityLost(CapacityLosses.Loss)
    }

    private struct Item: Comparable, Sendable {
        let time: Double
        let number: Int
        let event: Event

        static func < (left: Item, right: Item) -> Bool {
            (left.time, left.number) < (right.time, right.number)
        }

        static func == (left: Item, right: Item) -> Bool { left.number == right.number }
    }

    private var heap = Heap<Item>()
    private var added = 0

    /// Time of the next event; nil when the queue is empty.
    var nextTime: Double? { heap.min?.time }

    mutating func add(_ event: Event, at time: Double) {
        added += 1
        heap.insert(Item(time: time, number: added, event: event))
    }

    mutating func removeFirst() -> (time: Double, event: Event)? {
        heap.popMin().map { ($0.time, $0.event) }
    }
}
