/// Suggestions for mistyped names.
package enum NearestName {
    /// Longer names are not compared: the time grows with the square of the length.
    private static let longest = 64

    /// The known name that an unknown name is most similar to. Nil when none is similar.
    ///
    /// A name is similar when a third of its characters or fewer differ, or when one name is the beginning of the
    /// other. Case does not matter. Of several names with the same distance, the first in alphabetical order is
    /// returned.
    package static func of(_ name: String, among known: some Sequence<String>) -> String? {
        let written = Array(name.lowercased())
        guard !written.isEmpty, written.count <= longest else { return nil }
        var nearest: (name: String, distance: Int)?
        for candidate in known.sorted() {
            let right = Array(candidate.lowercased())
            guard !right.isEmpty, right.count <= longest else { continue }
            let distance = distance(written, right)
            let isBeginning =
                min(written.count, right.count) > 2
                && (right.starts(with: written) || written.starts(with: right))
            guard isBeginning || distance <= max(1, written.count / 3),
                distance < max(written.count, right.count),
                distance < nearest?.distance ?? .max
            else { continue }
            nearest = (candidate, distance)
        }
        return nearest?.name
    }

    /// The suggestion as the end of a message; empty without a similar name.
    package static func hint(_ name: String, among known: some Sequence<String>) -> String {
        of(name, among: known).map { ". Did you mean \($0)?" } ?? ""
    }

    /// The number of insertions, deletions, replacements and exchanges of neighbours between two texts.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for (row, left) in first.enumerated() {
            var current = [row + 1]
            for (column, right) in second.enumerated() {
                var least = min(
                    last[column] + (left == right ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left == second[column - 1], first[row - 1] == right {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count]
    }
}
