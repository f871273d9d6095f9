/// The part of a deployment that a problem concerns.
package struct ProblemSubject: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case deployment, region, workerType }

    package let kind: Kind
    /// The name of the region or worker type; empty for the deployment.
    package let name: String

    package init(_ kind: Kind, _ name: String = "") {
        self.kind = kind
        self.name = name
    }

    package static let deployment = ProblemSubject(.deployment)
    package static func region(_ name: String) -> ProblemSubject { ProblemSubject(.region, name) }
    package static func workerType(_ name: String) -> ProblemSubject { ProblemSubject(.workerType, name) }
}

extension ProblemSubject: CustomStringConvertible {
    /// `worker type build-linux`, for example.
    package var description: String {
        switch kind {
        case .deployment: "the deployment"
        case .region: "region \(name)"
        case .workerType: "worker type \(name)"
        }
    }
}
