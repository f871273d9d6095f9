/// The environment variables that name the shared files and the profile.
struct ProfileVariables: Sendable {
    let environment: [String: String]

    /// The value of a variable; nil for an empty one.
    subscript(variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Replaces a leading `~/` by the home folder. Nil where `HOME` is not set.
    func expand(_ path: String) -> String? {
        guard path.hasPrefix("~/") else { return path }
        return self["HOME"].map { $0 + path.dropFirst() }
    }
}
