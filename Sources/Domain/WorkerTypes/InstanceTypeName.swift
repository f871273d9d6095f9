/// The parts of the name of an instance type: `c5d.4xlarge` is class `c`, generation 5, attributes `d`, 4 x the size
/// of `xlarge`.
package struct InstanceTypeName: Hashable {
    let kind: Substring
    let generation: Int
    let attributes: Set<Character>
    /// In units of `xlarge`; `metal` is the largest of its family.
    let size: Double

    /// Attributes that add hardware: local disks, and network bandwidth.
    private static let additions: Set<Character> = ["d", "n"]
    private static let sizes: [Substring: Double] = [
        "nano": 1 / 32, "micro": 1 / 16, "small": 1 / 8, "medium": 1 / 4, "large": 1 / 2, "xlarge": 1,
        "metal": 1_000,
    ]

    /// Returns nil for a name of another form.
    package init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        kind = parts[0].prefix { $0.isLetter }
        let rest = parts[0].dropFirst(kind.count)
        let digits = rest.prefix { $0.isNumber }
        guard !kind.isEmpty, let generation = Int(digits) else { return nil }
        self.generation = generation
        attributes = Set(rest.dropFirst(digits.count))
        if let size = Self.sizes[parts[1]] {
            self.size = size
        } else if parts[1].hasSuffix("xlarge"), let factor = Int(parts[1].dropLast(6)), factor > 0 {
            size = Double(factor)
        } else {
            return nil
        }
    }

    /// Whether the type is better than another one in some respect and worse in none that its name shows.
    func isBetter(than other: InstanceTypeName) -> Bool {
        kind == other.kind && self != other && generation >= other.generation && size >= other.size
            && attributes.isSuperset(of: other.attributes)
            && attributes.subtracting(other.attributes).isSubset(of: Self.additions)
    }
}
