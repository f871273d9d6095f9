/// The scopes of a client. A scope that ends in `*` covers all scopes with the same prefix.
package struct Scopes: Hashable, Sendable {
    package let patterns: [String]

    /// The scope of all callers, also without credentials.
    package static let anonymous = "assume:anonymous"

    /// The scopes of the identity of workers of one type, or of all types where the name is `*`.
    package static func workerIdentity(provisionerId: String, workerType: String) -> [String] {
        ["assume:worker-type:\(provisionerId)/\(workerType)", "assume:worker-id:*"]
    }

    package init(_ patterns: [String]) { self.patterns = patterns }

    /// Whether the scopes cover a scope or a pattern.
    package func satisfy(_ scope: String) -> Bool {
        patterns.contains { pattern in
            pattern == scope || pattern.hasSuffix("*") && scope.utf8.starts(with: pattern.utf8.dropLast())
        }
    }

    /// Returns the given scopes that are not covered.
    package func missing(of scopes: [String]) -> [String] { scopes.filter { !satisfy($0) } }

    /// Whether a scope or a pattern such as `aws-*` covers any scope of the provisioner's API.
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
