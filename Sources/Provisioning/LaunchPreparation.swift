import Domain
import Formats
import FoundationEssentials
import Storage

/// The random identifiers of one launch.
struct LaunchIdentity: Sendable {
    let launchId: String
    /// Authorizes the worker to fetch its credentials. The user data contains it; the database contains its hash.
    let securityToken: String

    /// - Parameter random: returns that many random bytes.
    init(random: (Int) throws -> [UInt8]) throws {
        launchId = SlugID.make(random: try random(16))
        securityToken = SlugID.make(random: try random(16))
    }
}

/// A launch, its request and its secret, complete before EC2 is called.
struct PreparedLaunch: Sendable {
    let launch: Launch
    let request: LaunchRequest
    let securityToken: String
    let secret: SecretContent

    /// Throws a `ServiceFailure` if the image of the pool is unknown.
    ///
    /// - Parameters:
    ///   - createdAt: the time by EC2's clock.
    ///   - now: the time by the clock of this machine, by which the API lets the secret expire.
    init(
        _ bid: Bid, of type: WorkerType, fingerprint: String, as identity: LaunchIdentity, iteration: Int64,
        deployment: Deployment, images: ImageCatalog, createdAt: Date, now: Date
    ) throws {
        let rules = deployment.rules
        // On-demand launches have one action only.
        let mode: RequestMode = bid.market == .spot ? rules.requestMode : .runInstances
        let id = identity.launchId
        securityToken = identity.securityToken
        let specification = LaunchSpecification(
            type.definition, pool: bid.pool, subnet: bid.subnet, keyName: try deployment.keyName())
        let userData = GeneratedUserData(
            workerType: type, pool: bid.pool, capacity: bid.capacity, data: specification.userData,
            price: bid.spotPrice, spotBid: bid.bidPrice, provisionerId: deployment.ownership.provisionerId,
            provisionerBaseUrl: deployment.baseUrl, taskclusterRootUrl: deployment.rootUrl,
            securityToken: securityToken, generatedAt: now)
        secret = SecretContent(secrets: specification.secrets, scopes: specification.scopes)
        launch = Launch(
            id: id, workerType: type.name, definitionModified: type.lastModified,
            definition: fingerprint, iteration: iteration,
            pool: bid.pool, capacity: bid.capacity, market: bid.market, platform: bid.platform, mode: mode,
            spotPrice: bid.spotPrice,
            effectivePrice: bid.effectivePrice, bidPrice: bid.bidPrice,
            createdAt: createdAt.wholeMilliseconds,
            secretExpires: now.addingTimeInterval(rules.secretLife).wholeMilliseconds)
        request = LaunchRequest(
            clientToken: id, pool: bid.pool, market: bid.market, mode: mode, bidPrice: bid.bidPrice,
            launchSpecification: mode == .runInstances
                ? rules.metadataTokens.applied(to: specification.specification)
                : try specification.withImageId(from: images, in: bid.pool.region),
            userData: String(decoding: try userData.json.serialized(), as: UTF8.self),
            tags: deployment.ownership.tags(workerType: type.name, launchId: id),
            validUntil: createdAt.addingTimeInterval(rules.stalledRequestAge).wholeMilliseconds)
    }
}

extension LaunchSpecification {
    /// The specification with the id of its image, for RequestSpotInstances, which resolves no SSM parameters.
    fileprivate func withImageId(from images: ImageCatalog, in region: String) throws -> JSONObject {
        guard let reference = specification["ImageId"]?.stringValue else { return specification }
        guard let id = images.imageId(of: reference, in: region) else {
            throw ServiceFailure(
                kind: .missingResource, code: "unresolved-image",
                message: "the image of \(reference) in \(region) is unknown")
        }
        var specification = specification
        specification["ImageId"] = .string(id)
        return specification
    }
}

extension Launch {
    /// The bid of the launch.
    var bid: Bid {
        Bid(
            workerType: workerType, pool: pool, capacity: capacity, market: market, spotPrice: spotPrice,
            effectivePrice: effectivePrice, bidPrice: bidPrice, platform: platform)
    }

    /// The launch after EC2 accepted it.
    func accepted(_ response: LaunchResponse) -> Launch {
        var launch = self
        launch.state = .submitted
        launch.instanceId = response.instanceId
        launch.spotRequestId = response.spotRequestId
        return launch
    }

    /// The launch after the call failed. Its state stays `stored` where EC2 may have accepted it: the next iteration looks
    /// for its resources, and repeats the call with the same client token.
    func refused(_ failure: ServiceFailure, now: Date) -> Launch {
        var launch = self
        launch.errorCode = failure.code
        launch.errorMessage = failure.message
        if !failure.leavesOpen {
            launch.state = failure.kind == .alreadyEnded ? .ended : .failed
            launch.endedAt = now.wholeMilliseconds
        }
        return launch
    }
}
