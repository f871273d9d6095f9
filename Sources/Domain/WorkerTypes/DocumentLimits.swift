import Formats
package import FoundationEssentials

/// Limits of the documents that clients store. They bound the time that a document adds to later requests and iterations.
package enum DocumentLimits {
    /// Levels of nested arrays and objects in a definition or a secret.
    package static let depth = 16
    /// Bytes of a definition as serialized JSON.
    package static let definitionSize = 256 << 10
    /// Values of all kinds in a body. A definition of the largest size has no more: a value and a comma are two bytes.
    package static let bodyValues = definitionSize / 2
    /// Unicode scalars.
    package static let descriptionLength = 10_240
    /// Unicode scalars.
    package static let ownerLength = 256
    /// Bytes of the name of a region, zone or instance type.
    package static let nameLength = 64
    /// Regions x zones x instance types of a definition.
    package static let pools = 2_000
    /// Bytes of a string in a launch specification. The longest valid strings are ARNs.
    package static let launchStringSize = 2_048
    /// Elements of a list in a launch specification.
    package static let launchListCount = 256
    /// Bytes of `secrets` and `scopes` of a secret as serialized JSON.
    package static let secretSize = 64 << 10
    /// The time from now to the expiration of a secret. Seconds.
    package static let secretLifetime: TimeInterval = 31 * 86_400
    /// Problems that an error lists.
    package static let problems = 100
    /// Bytes of the launch specifications in one response.
    package static let previewSize = 4 << 20
}
