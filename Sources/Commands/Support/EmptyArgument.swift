import Platform

/// An empty argument, which a shell makes of a variable without a value.
enum EmptyArgument {
    /// The options whose value may be empty.
    private static let allowed: Set = ["--description", "--reason"]

    /// Throws if an argument is empty. As a path, it would mean the root folder or the working folder.
    static func refuse(in arguments: [String]) throws {
        // The completion passes the words of an incomplete command line.
        if arguments.first?.hasPrefix("---") ?? false { return }
        for (previous, argument) in zip(["aws-provisioner"] + arguments, arguments) {
            if argument.isEmpty, !allowed.contains(previous) {
                throw CommandFailure(.usage, "the argument after \(previous) is empty")
            }
            let name = argument.dropLast()
            if argument.hasPrefix("--"), argument.hasSuffix("="), !name.contains("="),
                !allowed.contains(String(name))
            {
                throw CommandFailure(.usage, "\(name) has an empty value")
            }
        }
    }
}
