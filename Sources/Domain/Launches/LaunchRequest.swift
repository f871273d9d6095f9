package import Formats
package import FoundationEssentials

/// The parameters of one launch call: enough to repeat the same call after a crash.
///
/// The user data contains the worker's security token: a request is stored sealed and never logged.
package struct LaunchRequest: Hashable, Encodable, Sendable {
    /// The launch's id, which is EC2's client token.
    package let clientToken: String
    package let pool: Pool
    package let market: Market
    package let mode: RequestMode
    /// The maximum price of spot capacity.
    package let bidPrice: Price
    /// The merged launch specification, in the original's key names, without user data.
    package let launchSpecification: JSONObject
    /// The user data before base64.
    package let userData: String
    package let tags: [String: String]
    /// When an open spot request expires.
    package let validUntil: Date

    package init(
        clientToken: String, pool: Pool, market: Market, mode: RequestMode, bidPrice: Price,
        launchSpecification: JSONObject, userData: String, tags: [String: String], validUntil: Date
    ) {
        self.clientToken = clientToken
        self.pool = pool
        self.market = market
        self.mode = mode
        self.bidPrice = bidPrice
        self.launchSpecification = launchSpecification
        self.userData = userData
        self.tags = tags
        self.validUntil = validUntil
    }
}
