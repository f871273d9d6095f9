import Algorithms
import Formats

/// The properties of an image that its instance types must support. Nil where EC2 does not state one.
package struct MachineImage: Hashable, Sendable {
    package let id: String
    /// For example `x86_64` or `arm64`.
    package let architecture: String?
    /// Whether its system has a driver of the Elastic Network Adapter.
    package let enaSupport: Bool?
    /// `legacy-bios`, `uefi` or `uefi-preferred`.
    package let bootMode: String?
    /// What EC2 bills for instances of the image: `Linux/UNIX` or `Windows with SQL Server Standard`.
    package let platformDetails: String?

    package init(
        id: String, architecture: String? = nil, enaSupport: Bool? = nil, bootMode: String? = nil,
        platformDetails: String? = nil
    ) {
        self.id = id
        self.architecture = architecture
        self.enaSupport = enaSupport
        self.bootMode = bootMode
        self.platformDetails = platformDetails
    }
}

/// The images that an instance type can start.
package struct InstanceTypeSupport: Hashable, Sendable {
    package let instanceType: String
    package let architectures: Set<String>
    package let requiresENA: Bool
    /// `legacy-bios` and `uefi`; empty where EC2 does not state them.
    package let bootModes: Set<String>
    /// Nil where EC2 does not state it.
    package let vCPUs: Int?

    package init(
        instanceType: String, architectures: Set<String>, requiresENA: Bool, bootModes: Set<String>,
        vCPUs: Int? = nil
    ) {
        self.instanceType = instanceType
        self.architectures = architectures
        self.requiresENA = requiresENA
        self.bootModes = bootModes
        self.vCPUs = vCPUs
    }

    /// The properties for which EC2 refuses to start an image with this instance type.
    fileprivate func obstacles(to image: MachineImage) -> [String] {
        var obstacles: [String] = []
        if let architecture = image.architecture, !architectures.isEmpty,
            !architectures.contains(architecture)
        {
            obstacles.append("has the architecture \(architecture), which is not supported by")
        }
        if image.enaSupport == false, requiresENA {
            obstacles.append("lacks ENA support, which is required by")
        }
        // An image that prefers UEFI also starts with a legacy BIOS.
        if let mode = image.bootMode, mode != "uefi-preferred", !bootModes.isEmpty, !bootModes.contains(mode)
        {
            obstacles.append("has the boot mode \(mode), which is not supported by")
        }
        return obstacles
    }
}

/// An instance type of a definition with the image that it starts in a region.
package struct ImageUse: Hashable, Sendable {
    package let region: String
    package let image: String
    package let instanceType: String
}

extension WorkerTypeDefinition {
    /// The images of all pools. Images of launch templates are not included.
    package var imageUses: Set<ImageUse> {
        Set(
            previewPools.compactMap { pool in
                PoolLayers(self, pool: pool).specification["ImageId"]?.stringValue.map {
                    ImageUse(region: pool.region, image: $0, instanceType: pool.instanceType)
                }
            })
    }

    /// The images that EC2 refuses to start with their instance types in a region, one text for each image and property.
    /// Images and types that EC2 does not describe are not compared.
    ///
    /// - Parameter resolved: the ids of images that the definition names by SSM parameters.
    package func imageProblems(
        in region: String, images: [MachineImage], types: [InstanceTypeSupport],
        resolved: [String: String] = [:]
    ) -> [String] {
        let images = images.keyed(by: \.id)
        let types = types.keyed(by: \.instanceType)
        var found: [String: Set<String>] = [:]
        for use in imageUses where use.region == region {
            guard let image = images[resolved[use.image] ?? use.image], let type = types[use.instanceType]
            else { continue }
            for obstacle in type.obstacles(to: image) {
                found["\(region): the image \(image.id) \(obstacle)", default: []].insert(use.instanceType)
            }
        }
        return found.map { text, types in
            "\(text) \(types.sorted().joined(separator: ", ")): remove the types, or name a suitable ImageId in their "
                + "launchSpec"
        }.sorted()
    }
}
