import Domain
import Formats

/// The secrets of a definition, by their place in it.
struct WorkerTypeSecrets: Encodable, Equatable {
    var general: JSONObject
    var instanceTypes: [JSONObject]
    var regions: [JSONObject]
    var availabilityZones: [JSONObject]

    init(
        general: JSONObject, instanceTypes: [JSONObject], regions: [JSONObject],
        availabilityZones: [JSONObject]
    ) {
        self.general = general
        self.instanceTypes = instanceTypes
        self.regions = regions
        self.availabilityZones = availabilityZones
    }

    /// Reads the stored form.
    init(stored document: JSONValue) throws {
        func objects(_ key: String) throws -> [JSONObject] {
            guard let values = document.objectValue?[key]?.arrayValue else { throw Self.corrupt }
            let objects = values.compactMap(\.objectValue)
            guard objects.count == values.count else { throw Self.corrupt }
            return objects
        }
        guard let general = document.objectValue?["general"]?.objectValue else { throw Self.corrupt }
        self.init(
            general: general, instanceTypes: try objects("instanceTypes"), regions: try objects("regions"),
            availabilityZones: try objects("availabilityZones"))
    }

    private static let corrupt = StorageError.corrupt(
        what: "secrets of a worker type", reason: "unexpected JSON")

    var isEmpty: Bool {
        general.isEmpty && (instanceTypes + regions + availabilityZones).allSatisfy(\.isEmpty)
    }
}

extension WorkerTypeDefinition {
    /// The definition without its secrets, and the secrets if there are any.
    func splittingSecrets() -> (WorkerTypeDefinition, WorkerTypeSecrets?) {
        let secrets = WorkerTypeSecrets(
            general: secrets, instanceTypes: instanceTypes.map(\.secrets), regions: regions.map(\.secrets),
            availabilityZones: availabilityZones.map(\.secrets))
        var open = self
        open.secrets = [:]
        for index in open.instanceTypes.indices { open.instanceTypes[index].secrets = [:] }
        for index in open.regions.indices { open.regions[index].secrets = [:] }
        for index in open.availabilityZones.indices { open.availabilityZones[index].secrets = [:] }
        return (open, secrets.isEmpty ? nil : secrets)
    }

    mutating func restore(_ stored: WorkerTypeSecrets) {
        secrets = stored.general
        for (index, object) in zip(instanceTypes.indices, stored.instanceTypes) {
            instanceTypes[index].secrets = object
        }
        for (index, object) in zip(regions.indices, stored.regions) { regions[index].secrets = object }
        for (index, object) in zip(availabilityZones.indices, stored.availabilityZones) {
            availabilityZones[index].secrets = object
        }
    }
}
