package import Formats
package import FoundationEssentials

/// The user data of an instance.
///
/// It contains the security token for the worker's credentials: it is never logged.
package struct GeneratedUserData: Sendable {
    package var workerType: WorkerType
    package var pool: Pool
    package var capacity: Int
    /// The merged user data of the definition.
    package var data: JSONObject
    /// The spot price and the maximum price, in US dollars an hour.
    package var price: Price
    package var spotBid: Price
    package var provisionerId: String
    package var provisionerBaseUrl: String
    package var taskclusterRootUrl: String
    package var securityToken: String
    /// When this was generated.
    package var generatedAt: Date

    package init(
        workerType: WorkerType, pool: Pool, capacity: Int, data: JSONObject, price: Price, spotBid: Price,
        provisionerId: String, provisionerBaseUrl: String, taskclusterRootUrl: String, securityToken: String,
        generatedAt: Date
    ) {
        self.workerType = workerType
        self.pool = pool
        self.capacity = capacity
        self.data = data
        self.price = price
        self.spotBid = spotBid
        self.provisionerId = provisionerId
        self.provisionerBaseUrl = provisionerBaseUrl
        self.taskclusterRootUrl = taskclusterRootUrl
        self.securityToken = securityToken
        self.generatedAt = generatedAt
    }

    package var json: JSONValue {
        [
            "availabilityZone": .string(pool.availabilityZone), "capacity": .integer(Int64(capacity)),
            "data": .object(data), "instanceType": .string(pool.instanceType),
            "lastModified": .string(workerType.lastModified.timestamp),
            "launchSpecGenerated": .string(generatedAt.timestamp), "price": .number(price.usd),
            "provisionerBaseUrl": .string(provisionerBaseUrl), "provisionerId": .string(provisionerId),
            "region": .string(pool.region), "securityToken": .string(securityToken),
            "spotBid": .number(spotBid.usd), "taskclusterRootUrl": .string(taskclusterRootUrl),
            "workerType": .string(workerType.name),
        ]
    }
}
