/// The subject of a pause: a worker type, a region or an instance type.
package struct PauseSubject: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case workerType = "worker type"
        case region
        case instanceType = "instance type"
    }

    package let kind: Kind
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// The launches that the pause prevents.
    package var launches: HoldSubject {
        switch kind {
        case .workerType: .workerType(name)
        case .region: .region(name)
        case .instanceType: HoldSubject(instanceType: name)
        }
    }

    /// Whether a launch of a worker type can belong to the subject.
    package func concerns(_ type: WorkerType) -> Bool {
        switch kind {
        case .workerType: type.name == name
        case .region: type.definition.regions.contains { $0.region == name }
        case .instanceType: type.definition.instanceTypes.contains { $0.instanceType == name }
        }
    }
}

extension PauseSubject: CustomStringConvertible {
    package var description: String { "\(kind.rawValue) \(name)" }
}
