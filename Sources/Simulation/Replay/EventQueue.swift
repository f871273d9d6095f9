/// What is to happen, earliest first; of the same moment in the order in which it was added. A binary heap.
struct EventQueue: Sendable {
    enum Event: Sendable {
        case booted(instance: Int)
        case taskEnded(task: Int, instance: Int)
        /// Holds only if the instance did not work since: `serial` says.
        case idleTimeout(instance: Int, serial: Int)
        case interrupted(instance: Int)
        /// A share of a pool's capacity is taken back.
        case capacityLost(pool: Int, share: Double)
    }

    private struct Item: Sendable {
        let time: Double
        let number: Int
        let event: Event

        static func < (left: Item, right: Item) -> Bool {
            (left.time, left.number) < (right.time, right.number)
        }
    }

    private var heap: [Item] = []
    private var added = 0

    /// When the next event is due; nil when there is none.
    var nextTime: Double? { heap.first?.time }

    mutating func add(_ event: Event, at time: Double) {
        added += 1
        heap.append(Item(time: time, number: added, event: event))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> (time: Double, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return (first.time, first.event) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child] < heap[least] { least = child }
            if least == parent { return (first.time, first.event) }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
