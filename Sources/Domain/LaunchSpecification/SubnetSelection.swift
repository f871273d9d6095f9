import Formats

/// The subnets that the setting `subnets` gives worker types, by their ids or tags.
package struct SubnetSelection: Hashable, Sendable {
    /// The ids in all regions; empty for all subnets with the tags.
    private var ids: Set<String> = []
    /// The tags that a subnet must have.
    private var tags: [String: String] = [:]

    /// Parses parts that are joined by `+`: `subnet-0a1+subnet-0b2`, or `tag:Role=worker+tag:Tier=private`. Nil for other
    /// text.
    package init?(_ text: String) {
        for part in text.split(separator: "+", omittingEmptySubsequences: false) {
            if part.hasPrefix("tag:") {
                let sides = part.dropFirst(4).split(separator: "=", maxSplits: 1)
                guard sides.count == 2, tags.updateValue(String(sides[1]), forKey: String(sides[0])) == nil
                else { return nil }
            } else {
                guard part.hasPrefix("subnet-"), part.count > 7 else { return nil }
                ids.insert(String(part))
            }
        }
    }

    package func contains(_ subnet: Subnet) -> Bool {
        (ids.isEmpty || ids.contains(subnet.id)) && tags.allSatisfy { subnet.tags[$0.key] == $0.value }
    }
}

extension SubnetSelection: CustomStringConvertible {
    package var description: String {
        (ids.sorted() + tags.sorted { $0.key < $1.key }.map { "tag:\($0.key)=\($0.value)" })
            .joined(separator: "+")
    }
}
