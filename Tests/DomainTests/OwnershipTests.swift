import Domain
import Testing

@Suite("Ownership of a resource")
struct OwnershipTests {
    private let ownership = Ownership(provisionerId: "p", keyPrefix: "p:")

    @Test("needs both tags of this deployment")
    func tags() {
        let own = ownership.tags(workerType: "alpha", launchId: "l1")
        #expect(ownership.workerType(of: own) == "alpha")
        for (tag, value) in [
            (Ownership.Tag.owner, "other"), (Ownership.Tag.owner, nil), (Ownership.Tag.workerType, nil),
            (Ownership.Tag.workerType, "other/alpha"), (Ownership.Tag.workerType, "alpha"),
            (Ownership.Tag.workerType, "p/"), (Ownership.Tag.workerType, "pq/alpha"),
        ] as [(String, String?)] {
            var changed = own
            changed[tag] = value
            #expect(ownership.workerType(of: changed) == nil, "\(tag) = \(value ?? "none")")
        }
    }
}
