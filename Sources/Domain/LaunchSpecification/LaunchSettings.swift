import Formats
import FoundationEssentials

/// The settings of a deployment that decide whether EC2 accepts its launches of a definition.
package struct LaunchSettings: Sendable {
    package let requestMode: RequestMode
    package let ownership: Ownership
    package let baseUrl: String
    package let rootUrl: String

    package init(requestMode: RequestMode, ownership: Ownership, baseUrl: String, rootUrl: String) {
        self.requestMode = requestMode
        self.ownership = ownership
        self.baseUrl = baseUrl
        self.rootUrl = rootUrl
    }
}

extension WorkerTypeDefinition {
    /// The reasons why EC2 would refuse every launch of the definition with these settings.
    ///
    /// - Parameter name: the name of the worker type.
    package func launchProblems(named name: String, with settings: LaunchSettings) -> [String] {
        launchProblems(in: settings.requestMode) + userDataProblems(named: name, with: settings)
    }

    /// The pools whose complete user data exceeds EC2's limit.
    private func userDataProblems(named name: String, with settings: LaunchSettings) -> [String] {
        let limit = LaunchSpecification.largestUserData
        let sizes = LaunchSpecification.UserDataSizes(self)
        func size(_ pool: Pool, _ capacity: Int, _ data: JSONObject) -> Int {
            let longest = Price(nanodollars: 999_999_999_999_999)
            return GeneratedUserData(
                workerType: WorkerType(name: name, definition: self, lastModified: .distantPast),
                pool: pool, capacity: capacity, data: data, price: longest, spotBid: longest,
                provisionerId: settings.ownership.provisionerId, provisionerBaseUrl: settings.baseUrl,
                taskclusterRootUrl: settings.rootUrl, securityToken: String(repeating: "A", count: 22),
                generatedAt: .distantPast
            ).json.serializedSize
        }
        let longestName = String(repeating: "a", count: DocumentLimits.nameLength)
        let longestPool = Pool(
            region: longestName, availabilityZone: longestName, instanceType: longestName)
        let generated = size(longestPool, .max, [:])
        var problems: [String] = []
        let capacities = AllowedPools(of: self)
        // The upper bound is cheap, and few definitions are near the limit.
        for pool in previewPools where sizes.upperBound(for: pool) + generated > limit {
            let total = size(
                pool, capacities.capacity(ofInstanceType: pool.instanceType),
                PoolLayers(self, pool: pool).userData)
            guard total > limit else { continue }
            guard problems.count < DocumentLimits.problems else { break }
            problems.append(
                "userData of \(pool.region) \(pool.availabilityZone) \(pool.instanceType): is \(total) bytes with "
                    + "what the provisioner adds; EC2 allows \(limit)")
        }
        return problems
    }
}
