/// Scopes that somebody has. A scope that ends in `*` stands for all that begin with the rest.
public struct Scopes: Hashable, Sendable {
    public let patterns: [String]

    /// What everybody has, also without credentials.
    public static let anonymous = "assume:anonymous"

    public init(_ patterns: [String]) { self.patterns = patterns }

    /// Whether one of them satisfies a scope, or a pattern of scopes.
    public func satisfy(_ scope: String) -> Bool {
        patterns.contains { pattern in
            pattern == scope || pattern.hasSuffix("*") && scope.utf8.starts(with: pattern.utf8.dropLast())
        }
    }

    /// Those of some scopes that are not satisfied.
    public func missing(of scopes: [String]) -> [String] { scopes.filter { !satisfy($0) } }

    /// Whether a text can be a scope: printable ASCII.
    public static func isValid(_ scope: String) -> Bool {
        scope.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}
