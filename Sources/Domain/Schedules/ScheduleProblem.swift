/// The reason why a schedule cannot be used.
package struct ScheduleProblem: Error, Hashable, CustomStringConvertible, Sendable {
    package let description: String

    package init(_ description: String) { self.description = description }
}
