package import Domain
import Formats

/// The rights that the launch specifications of definitions need in addition to those of every launch.
package struct LaunchNeeds: Hashable, Sendable {
    package private(set) var usesLaunchTemplates = false
    package private(set) var usesCapacityReservations = false
    /// Groups of capacity reservations or of dedicated hosts.
    package private(set) var usesResourceGroups = false
    package private(set) var usesDedicatedHosts = false
    package private(set) var usesLicenses = false
    package private(set) var tagsNetworkInterfaces = false
    /// Whether a volume names its encryption. The encryption of images is not part of a definition.
    package private(set) var encryptsVolumes = false
    /// The names or ARNs of SSM parameters that contain the ids of images.
    package private(set) var imageParameters: Set<String> = []
    /// The names or ARNs of instance profiles.
    package private(set) var instanceProfiles: Set<String> = []

    package init(_ definitions: some Sequence<WorkerTypeDefinition> = [WorkerTypeDefinition]()) {
        for layer in definitions.lazy.flatMap(\.launchSpecLayers) { add(layer.specification) }
    }

    private mutating func add(_ specification: JSONObject) {
        func object(_ key: String) -> JSONObject { specification[key]?.objectValue ?? [:] }
        func list(_ key: String) -> [JSONObject] {
            (specification[key]?.arrayValue ?? []).compactMap(\.objectValue)
        }
        if let parameter = specification["ImageId"]?.stringValue.flatMap(ImageParameter.init) {
            imageParameters.insert(parameter.nameWithoutVersion)
        }
        if specification["LaunchTemplate"] != nil { usesLaunchTemplates = true }
        let target =
            object("CapacityReservationSpecification")["CapacityReservationTarget"]?.objectValue ?? [:]
        let placement = object("Placement")
        if target["CapacityReservationId"] != nil { usesCapacityReservations = true }
        if target["CapacityReservationResourceGroupArn"] != nil {
            usesCapacityReservations = true
            usesResourceGroups = true
        }
        if placement["HostResourceGroupArn"] != nil { usesResourceGroups = true }
        if placement["HostId"] != nil || placement["Tenancy"] == "host" { usesDedicatedHosts = true }
        if !list("LicenseSpecifications").isEmpty { usesLicenses = true }
        if list("TagSpecifications").contains(where: { $0["ResourceType"] == "network-interface" }) {
            tagsNetworkInterfaces = true
        }
        for volume in list("BlockDeviceMappings").compactMap({ $0["Ebs"]?.objectValue })
        where volume["KmsKeyId"] != nil || volume["Encrypted"] == true {
            encryptsVolumes = true
        }
        let profile = object("IamInstanceProfile")
        for value in [profile["Arn"], profile["Name"]] {
            if let name = value?.stringValue { instanceProfiles.insert(name) }
        }
    }
}
