package import Domain
import Formats
package import FoundationEssentials

/// EC2 as far as a provisioner sees it: instances, spot requests, client tokens, pools that run out.
///
/// A plain value: the same calls at the same times give the same answers.
package struct SimulatedEC2: Codable, Sendable {
    /// What an instance was started with, as it sees it itself.
    struct Started: Codable, Sendable {
        var instance: Instance
        let userData: String
        let bidPrice: Price
        let market: Market
    }

    /// What a call asks for.
    private struct Order: Codable, Sendable {
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
    private(set) var started: [String: Started] = [:]
    private(set) var requests: [String: SpotRequest] = [:]
    private var placed: [String: Order] = [:]
    private var answers: [String: LaunchResponse] = [:]
    private var random: SeededRandom
    private var endedAt: [String: Date] = [:]
    /// Launches that were refused.
    package private(set) var refusals = 0

    package init(zones: [String: [String]], market: SpotMarket, seed: UInt64) {
        self.zones = zones
        self.market = market
        random = SeededRandom(seed: seed)
    }

    /// Everything that was ever started, by id.
    package var instances: [Instance] { started.values.map(\.instance).sorted { $0.id < $1.id } }

    // MARK: What is called

    func regionState(_ region: String, ownership: Ownership, now: Date) throws -> RegionState {
        guard let zones = zones[region] else {
            throw ServiceFailure(kind: .unreachable, code: "unreachable", message: "no region \(region)")
        }
        return RegionState(
            region: region,
            instances: instances.filter {
                $0.pool.region == region
                    && ($0.tags[Ownership.Tag.owner] == ownership.provisionerId
                        || $0.spotRequestId.map { requests[$0] != nil } ?? false)
                    && (endedAt[$0.id].map { now.timeIntervalSince($0) < 3600 } ?? true)
            },
            spotRequests: requests.values.filter {
                $0.region == region && $0.tags[Ownership.Tag.owner] == ownership.provisionerId
            }.sorted { $0.id < $1.id }, availabilityZones: zones, fetchedAt: now)
    }

    mutating func launch(_ request: LaunchRequest, now: Date) throws -> LaunchResponse {
        if let answer = answers[request.clientToken] { return answer }
        let order = Order(request)
        if request.market == .spot, request.mode == .requestSpotInstances {
            let id = "sir-" + Self.identifier(8, of: request.clientToken)
            requests[id] = SpotRequest(
                id: id, region: request.pool.region, availabilityZone: request.pool.availabilityZone,
                instanceType: request.pool.instanceType,
                imageId: order.imageId, state: .open,
                statusCode: "pending-evaluation", createTime: now, tags: request.tags)
            placed[id] = order
            let answer = LaunchResponse(spotRequestId: id)
            answers[request.clientToken] = answer
            return answer
        }
        if let failure = refusal(of: order) {
            refusals += 1
            throw failure
        }
        let answer = LaunchResponse(instanceId: start(order, spotRequestId: nil, now: now))
        answers[request.clientToken] = answer
        return answer
    }

    mutating func cancel(_ ids: [String]) {
        for id in ids {
            switch requests[id]?.state {
            case .open: requests[id]?.statusCode = "canceled-before-fulfillment"
            // The instance runs on.
            case .active: requests[id]?.statusCode = "request-canceled-and-instance-running"
            default: continue
            }
            requests[id]?.state = .cancelled
        }
    }

    /// - Parameter reason: EC2's code for why.
    package mutating func terminate(
        _ ids: [String], reason: String = "Client.UserInitiatedShutdown", now: Date
    ) {
        for id in ids where started[id].map({ $0.instance.state != .terminated }) ?? false {
            started[id]?.instance.state = .terminated
            started[id]?.instance.stateReason = reason
            endedAt[id] = now
            if let request = started[id]?.instance.spotRequestId, requests[request]?.state == .active {
                requests[request]?.state = .closed
                requests[request]?.statusCode =
                    EC2Codes.isInterruption(reason)
                    ? "instance-terminated-no-capacity" : "instance-terminated-by-user"
            }
        }
    }

    /// Stops instances, as people do, and shutting down from inside where the launch does not say otherwise.
    mutating func stop(_ ids: [String]) {
        for id in ids { started[id]?.instance.state = .stopped }
    }

    mutating func tag(_ ids: [String], _ tags: [String: String]) {
        for id in ids { started[id]?.instance.tags.merge(tags, uniquingKeysWith: { _, new in new }) }
    }

    // MARK: What happens by itself

    /// Prices wander, instances come up, open requests are fulfilled, dear instances are taken back.
    ///
    /// - Parameter interruptions: how often an hour a running spot instance is taken back.
    mutating func advance(from earlier: Date, to now: Date, interruptions: Double) {
        market.advance(to: now)
        let hours = now.timeIntervalSince(earlier) / 3600
        for id in started.keys.sorted() {
            guard let item = started[id], item.instance.state != .terminated else { continue }
            if item.instance.state == .pending, now.timeIntervalSince(item.instance.launchTime) >= 20 {
                started[id]?.instance.state = .running
            }
            let dear = market.price(of: item.instance.pool).map { $0 > item.bidPrice } ?? false
            if item.market == .spot, dear || random.fraction() < interruptions * hours {
                terminate([id], reason: "Server.SpotInstanceTermination", now: now)
            }
        }
        for (id, request) in placed.sorted(by: { $0.key < $1.key }) where requests[id]?.state == .open {
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

    private func refusal(of request: Order) -> ServiceFailure? {
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
        let taken = started.values.count { $0.instance.pool == pool && $0.instance.state != .terminated }
        if taken >= market.room(of: pool) {
            return ServiceFailure(
                kind: .noCapacity, code: "InsufficientInstanceCapacity",
                message: "there is no capacity for \(pool.instanceType) in \(pool.availabilityZone)")
        }
        return nil
    }

    private mutating func start(_ request: Order, spotRequestId: String?, now: Date) -> String {
        let id = "i-" + Self.identifier(17, of: request.clientToken)
        let instance = Instance(
            id: id, pool: request.pool,
            imageId: request.imageId, state: .pending,
            launchTime: now, spotRequestId: spotRequestId,
            keyName: request.keyName,
            // A spot request keeps its client token to itself.
            clientToken: spotRequestId == nil ? request.clientToken : nil,
            tags: spotRequestId == nil ? request.tags : [:])
        started[id] = Started(
            instance: instance, userData: request.userData, bidPrice: request.bidPrice,
            market: request.market)
        return id
    }

    /// An id that follows from the client token: it does not depend on who came first.
    private static func identifier(_ digits: Int, of token: String) -> String {
        let digit = Array("0123456789abcdef")
        // FNV-1a.
        var random = SeededRandom(
            seed: token.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
        return String((0..<digits).map { _ in digit[Int(random.next() >> 60)] })
    }
}
