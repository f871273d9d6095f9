/// Scopes that somebody has. A scope that ends in `*` stands for all that begin with the rest.
package struct Scopes: Hashable, Sendable {
    package let patterns: [String]

    /// What everybody has, also without credentials.
    package static let anonymous = "assume:anonymous"

    package init(_ patterns: [String]) { self.patterns = patterns }

    /// Whether one of them satisfies a scope, or a pattern of scopes.
    package func satisfy(_ scope: String) -> Bool {
        patterns.contains { pattern in
            pattern == scope || pattern.hasSuffix("*") && scope.utf8.starts(with: pattern.utf8.dropLast())
        }
    }

    /// Those of some scopes that are not satisfied.
    package func missing(of scopes: [String]) -> [String] { scopes.filter { !satisfy($0) } }

    /// Whether a scope satisfies some scope of the provisioner's API, as itself or as a pattern such as `aws-*`.
    package static func coversProvisioner(_ scope: String) -> Bool {
        let own = "aws-provisioner:".utf8
        return scope.utf8.starts(with: own)
            || scope.utf8.last == UInt8(ascii: "*") && own.starts(with: scope.utf8.dropLast())
    }

    /// Whether a text can be a scope: printable ASCII.
    package static func isValid(_ scope: String) -> Bool {
        scope.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}
