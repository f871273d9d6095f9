package import Domain
import Formats
package import FoundationEssentials

/// The part of EC2 that a provisioner uses: instances, spot requests, client tokens and pools of limited capacity.
///
/// The same calls at the same times give the same responses.
package struct SimulatedEC2: Codable, Sendable {
    /// An instance with its launch parameters.
    struct LaunchedInstance: Codable, Sendable {
        var instance: Instance
        let userData: String
        let bidPrice: Price
        let market: Market
    }

    /// The parameters of a launch that outlive the call.
    private struct LaunchParameters: Codable, Sendable {
        let clientToken: String
        let pool: Pool
        let market: Market
        let bidPrice: Price
        let imageId: String
        let keyName: String?
        let userData: String
        let tags: [String: String]
        let validUntil: Date

        init(_ request: LaunchRequest) {
            clientToken = request.clientToken
            pool = request.pool
            market = request.market
            bidPrice = request.bidPrice
            imageId = request.launchSpecification["ImageId"]?.stringValue ?? ""
            keyName = request.launchSpecification["KeyName"]?.stringValue
            userData = request.userData
            tags = request.tags
            validUntil = request.validUntil
        }
    }

    package var market: SpotMarket
    private let zones: [String: [String]]
    private(set) var started: [String: LaunchedInstance] = [:]
    private(set) var requests: [String: SpotRequest] = [:]
    /// Launch parameters of the spot requests, by the id of the request.
    private var requested: [String: LaunchParameters] = [:]
    /// Responses by client token.
    private var responses: [String: LaunchResponse] = [:]
    private var random: SeededRandom
    private var terminatedAt: [String: Date] = [:]
    /// Number of refused launches.
    package private(set) var refusals = 0

    package init(zones: [String: [String]], market: SpotMarket, seed: UInt64) {
        self.zones = zones
        self.market = market
        random = SeededRandom(seed: seed)
    }

    /// All instances, terminated ones included, ordered by id.
    package var instances: [Instance] { started.values.map(\.instance).sorted { $0.id < $1.id } }

    // MARK: Calls

    func regionState(_ region: String, ownership: Ownership, now: Date) throws -> RegionState {
        guard let zones = zones[region] else {
            throw ServiceFailure(kind: .unreachable, code: "unreachable", message: "no region \(region)")
        }
        var state = RegionState(
            region: region,
            instances: instances.filter {
                $0.pool.region == region
                    && ($0.tags[Ownership.Tag.owner] == ownership.provisionerId
                        || $0.spotRequestId.map { requests[$0] != nil } ?? false)
                    && (terminatedAt[$0.id].map { now.timeIntervalSince($0) < 3600 } ?? true)
            },
            spotRequests: requests.values.filter {
                $0.region == region && $0.tags[Ownership.Tag.owner] == ownership.provisionerId
                    && [.open, .active, .failed].contains($0.state)
            }.sorted { $0.id < $1.id }, availabilityZones: zones, fetchedAt: now)
        state.respondedAt = now
        return state
    }

    func spotRequests(_ ids: [String]) -> [SpotRequest] { ids.compactMap { requests[$0] } }

    mutating func launch(_ request: LaunchRequest, now: Date) throws -> LaunchResponse {
        if let response = responses[request.clientToken] { return response }
        let parameters = LaunchParameters(request)
        if request.market == .spot, request.mode == .requestSpotInstances {
            let id = "sir-" + Self.identifier(8, of: request.clientToken)
            requests[id] = SpotRequest(
                id: id, region: request.pool.region, availabilityZone: request.pool.availabilityZone,
                instanceType: request.pool.instanceType,
                imageId: parameters.imageId, state: .open,
                statusCode: "pending-evaluation", createTime: now, tags: request.tags)
            requested[id] = parameters
            let response = LaunchResponse(spotRequestId: id)
            responses[request.clientToken] = response
            return response
        }
        if let failure = refusal(of: parameters) {
            refusals += 1
            throw failure
        }
        let response = LaunchResponse(instanceId: start(parameters, spotRequestId: nil, now: now))
        responses[request.clientToken] = response
        return response
    }

    mutating func cancel(_ ids: [String]) {
        for id in ids {
            switch requests[id]?.state {
            case .open: requests[id]?.statusCode = "canceled-before-fulfillment"
            // EC2 does not terminate the instance.
            case .active: requests[id]?.statusCode = "request-canceled-and-instance-running"
            default: continue
            }
            requests[id]?.state = .cancelled
        }
    }

    /// - Parameter reason: EC2's state reason code.
    package mutating func terminate(
        _ ids: [String], reason: String = "Client.UserInitiatedShutdown", now: Date
    ) {
        for id in ids where started[id].map({ $0.instance.state != .terminated }) ?? false {
            started[id]?.instance.state = .terminated
            started[id]?.instance.stateReason = reason
            terminatedAt[id] = now
            if let request = started[id]?.instance.spotRequestId, requests[request]?.state == .active {
                requests[request]?.state = .closed
                requests[request]?.statusCode =
                    EC2Codes.isInterruption(reason)
                    ? "instance-terminated-no-capacity" : "instance-terminated-by-user"
            }
        }
    }

    /// Removes the instances that were terminated before a time, so that a long simulation does not grow. EC2 shows
    /// terminated instances for an hour.
    mutating func forgetTerminated(before limit: Date) {
        for (id, ended) in terminatedAt where ended < limit {
            started[id] = nil
            terminatedAt[id] = nil
        }
    }

    /// Stops instances, like an operator or an instance whose shutdown behavior is "stop".
    mutating func stop(_ ids: [String]) {
        for id in ids { started[id]?.instance.state = .stopped }
    }

    /// Changes the market that EC2 reports for an instance.
    mutating func setLifecycle(of id: String, _ lifecycle: Market) {
        started[id]?.instance.lifecycle = lifecycle
    }

    mutating func tag(_ ids: [String], _ tags: [String: String]) {
        for id in ids { started[id]?.instance.tags.merge(tags, uniquingKeysWith: { _, new in new }) }
    }

    // MARK: Changes over time

    /// Changes prices, starts and interrupts instances, and fulfills open requests.
    ///
    /// - Parameter interruptions: interruptions of a running spot instance per hour.
    mutating func advance(from earlier: Date, to now: Date, interruptions: Double) {
        market.advance(to: now)
        let hours = now.timeIntervalSince(earlier) / 3600
        for id in started.keys.sorted() {
            guard let item = started[id], item.instance.state != .terminated else { continue }
            if item.instance.state == .pending, now.timeIntervalSince(item.instance.launchTime) >= 20 {
                started[id]?.instance.state = .running
            }
            let isOutbid = market.price(of: item.instance.pool).map { $0 > item.bidPrice } ?? false
            if item.market == .spot, isOutbid || random.fraction() < interruptions * hours {
                terminate([id], reason: "Server.SpotInstanceTermination", now: now)
            }
        }
        for (id, request) in requested.sorted(by: { $0.key < $1.key }) where requests[id]?.state == .open {
            if request.validUntil <= now {
                requests[id]?.state = .closed
                requests[id]?.statusCode = "schedule-expired"
            } else if let failure = refusal(of: request) {
                requests[id]?.statusCode =
                    failure.kind == .priceTooLow ? "price-too-low" : "capacity-not-available"
            } else {
                let instance = start(request, spotRequestId: id, now: now)
                requests[id]?.instanceId = instance
                requests[id]?.state = .active
                requests[id]?.statusCode = "fulfilled"
            }
        }
    }

    private func refusal(of request: LaunchParameters) -> ServiceFailure? {
        let pool = request.pool
        guard let price = market.price(of: pool) else {
            return ServiceFailure(
                kind: .noCapacity, code: "Unsupported",
                message: "\(pool.instanceType) is not offered in \(pool.availabilityZone)")
        }
        if request.market == .spot, request.bidPrice < price {
            return ServiceFailure(
                kind: .priceTooLow, code: "SpotMaxPriceTooLow", message: "the price of \(pool) is \(price)")
        }
        let used = started.values.count { $0.instance.pool == pool && $0.instance.state != .terminated }
        if used >= market.capacity(of: pool) {
            return ServiceFailure(
                kind: .noCapacity, code: "InsufficientInstanceCapacity",
                message: "there is no capacity for \(pool.instanceType) in \(pool.availabilityZone)")
        }
        return nil
    }

    private mutating func start(_ request: LaunchParameters, spotRequestId: String?, now: Date) -> String {
        let id = "i-" + Self.identifier(17, of: request.clientToken)
        let instance = Instance(
            id: id, pool: request.pool,
            imageId: request.imageId, state: .pending,
            launchTime: now, spotRequestId: spotRequestId,
            keyName: request.keyName,
            lifecycle: request.market,
            // EC2 does not show the client token and the tags of a spot request on its instance.
            clientToken: spotRequestId == nil ? request.clientToken : nil,
            tags: spotRequestId == nil ? request.tags : [:])
        started[id] = LaunchedInstance(
            instance: instance, userData: request.userData, bidPrice: request.bidPrice,
            market: request.market)
        return id
    }

    /// An id derived from the client token, so that it does not depend on the order of calls.
    private static func identifier(_ digits: Int, of token: String) -> String {
        let digit = Array("0123456789abcdef")
        // FNV-1a.
        var random = SeededRandom(
            seed: token.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
        return String((0..<digits).map { _ in digit[Int(random.next() >> 60)] })
    }
}
