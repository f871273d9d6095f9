import Cryptography
import Formats
import Foundation
import TestSupport
import Testing

@testable import Domain
@testable import Storage

/// A database in a temporary folder, with sample content.
struct StorageFixture {
    let folder: TemporaryFolder
    let key: EncryptionKey
    let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        key = try EncryptionKey()
        database = try ProvisionerDatabase(path: folder.file("p.sqlite"), key: key, create: true)
    }

    /// The bytes of the database's files.
    func bytes() throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).map { name in
            String(
                decoding: FileManager.default.contents(atPath: folder.file(name)) ?? Data(),
                as: Unicode.ASCII.self)
        }.joined()
    }

    func store(
        _ id: String, token: String = "token", workerType: String = "alpha",
        secrets: JSONObject = ["a": 1], platform: ImagePlatform = .linux
    ) throws {
        let launch = launch(id, workerType: workerType, platform: platform)
        let request = LaunchRequest(
            clientToken: id, pool: launch.pool, market: .spot, mode: .runInstances, bidPrice: .zero,
            launchSpecification: ["ImageId": "ami-1"], userData: "{\"securityToken\":\"\(token)\"}",
            tags: [:], validUntil: .start)
        try database.launches.store(
            launch, request: request, securityToken: token,
            secret: SecretContent(secrets: secrets, scopes: ["x"]))
    }

    /// Stores a launch with an instance.
    ///
    /// - Parameter times: sets the times of the launch, of which its state follows.
    func storeInstance(
        _ id: String, platform: ImagePlatform = .linux, interrupted: Bool = false,
        times: (inout Launch) -> Void
    ) throws {
        try store(id, token: "token " + id, platform: platform)
        var launch = try #require(try database.launches.get([id]).first)
        launch.instanceId = "i-" + id
        times(&launch)
        launch.state = launch.endedAt != nil ? .ended : .visible
        try database.launches.update([launch])
        guard interrupted else { return }
        try database.interruptions.record([
            Interruption(
                instanceId: "i-" + id, launchId: id, workerType: launch.workerType, pool: launch.pool,
                reason: "Server.SpotInstanceTermination", at: .start)
        ])
    }

    func launch(
        _ id: String, workerType: String = "alpha", created: Date = .start, platform: ImagePlatform = .linux
    ) -> Launch {
        Launch(
            id: id, workerType: workerType, definitionModified: .start, iteration: 1,
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
            capacity: 2, market: .spot, platform: platform, mode: .runInstances, spotPrice: Price(usd: 0.1),
            effectivePrice: Price(usd: 0.1), bidPrice: Price(usd: 0.2), createdAt: created,
            secretExpires: created.plus(minutes: 40))
    }
}
