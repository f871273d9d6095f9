import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The platform of images")
struct ImagePlatformTests {
    @Test(
        "is that whose spot prices apply to the platform details, or come closest",
        arguments: [
            ("Linux/UNIX", .linux, true), ("Windows", .windows, true),
            ("Red Hat Enterprise Linux", .redHat, true), ("SUSE Linux", .suse, true),
            ("Windows BYOL", .linux, true), ("Red Hat BYOL Linux", .linux, true),
            ("Windows with SQL Server Standard", .windows, false),
            ("Red Hat Enterprise Linux with HA", .redHat, false),
            ("RHEL with HA and SQL Server Standard", .redHat, false),
            ("SUSE Linux with HA", .suse, false), ("Linux with SQL Server Web", .linux, false),
            ("Ubuntu Pro", .linux, false), ("", .linux, false),
        ] as [(String, ImagePlatform, Bool)])
    func details(text: String, platform: ImagePlatform, hasSpotPrices: Bool) {
        #expect(PlatformDetails(text).platform == platform)
        #expect(PlatformDetails(text).hasSpotPrices == hasSpotPrices)
    }

    @Test("has both product descriptions of the spot price history")
    func products() {
        #expect(ImagePlatform.linux.productDescriptions == ["Linux/UNIX", "Linux/UNIX (Amazon VPC)"])
        #expect(
            ImagePlatform.allCases.map(\.productDescription)
                == ["Linux/UNIX", "Windows", "Red Hat Enterprise Linux", "SUSE Linux"])
    }

    private func image(_ id: String, _ details: String?, failure: String? = nil) -> KnownImage {
        KnownImage(
            region: "us-east-1", id: id, details: details.map(PlatformDetails.init), failure: failure,
            readAt: .start, nextRead: .start)
    }

    @Test("has a problem if the image is not described, or has no spot prices of its own")
    func problems() {
        #expect(image("ami-1", "Windows").problem == nil)
        #expect(image("ami-1", "Windows", failure: "a failure").problem == nil, "the last known one applies")
        let remedy =
            ": correct the ImageId, or set the platform of its worker types with the setting platforms"
        #expect(
            image("ami-1", nil).problem
                == "us-east-1: EC2 does not describe the image ami-1, so that the prices of Linux/UNIX apply"
                + remedy)
        #expect(
            image("ami-1", nil, failure: "UnauthorizedOperation: no").problem
                == "us-east-1: the image ami-1 could not be described (UnauthorizedOperation: no), so that the prices of "
                + "Linux/UNIX apply" + remedy)
        #expect(
            image("ami-1", "Windows with SQL Server Web").problem
                == "us-east-1: the platform of the image ami-1 is Windows with SQL Server Web, which has no spot prices of "
                + "its own, so that the prices of Windows apply" + remedy)
    }

    private let layered: WorkerTypeDefinition = {
        var definition = WorkerTypeDefinition.sample(
            types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)], regions: ["us-east-1", "eu-west-1"])
        definition.regions[0].launchSpec["ImageId"] = "ami-region"
        definition.regions[1].launchSpec = [:]
        definition.launchSpec["ImageId"] = "ami-general"
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1a", launchSpec: ["ImageId": "ami-zone"]),
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1b", launchSpec: [:]),
        ]
        return definition
    }()

    @Test("is read for the images that pools use, and no others")
    func images() {
        var definition = layered
        #expect(PoolImages(of: definition).images(in: "us-east-1") == ["ami-zone", "ami-region"])
        #expect(PoolImages(of: definition).images(in: "eu-west-1") == ["ami-general"])
        definition.instanceTypes[0].launchSpec = ["ImageId": "ami-type"]
        #expect(PoolImages(of: definition).images(in: "eu-west-1") == ["ami-general", "ami-type"])
        definition.instanceTypes[1].launchSpec = ["ImageId": "ami-type"]
        #expect(PoolImages(of: definition).images(in: "us-east-1") == ["ami-type"])
    }

    @Test("is that of the image of each pool, unless the setting names one")
    func pools() {
        var definition = layered
        definition.instanceTypes[1].launchSpec = ["ImageId": "ami-type"]
        let catalog = ImageCatalog([
            image("ami-zone", "Windows"), image("ami-type", "SUSE Linux"), image("ami-region", nil),
        ])
        func platform(_ zone: String, _ type: String, _ rules: ProvisioningRules = ProvisioningRules())
            -> ImagePlatform
        {
            PoolPlatforms(of: .sample("win-1", definition), catalog: catalog, rules: rules).platform(
                of: Pool(region: String(zone.dropLast()), availabilityZone: zone, instanceType: type))
        }
        #expect(platform("us-east-1a", "c5.xlarge") == .windows)
        #expect(platform("us-east-1b", "c5.xlarge") == .linux)
        #expect(platform("us-east-1a", "m5.xlarge") == .suse)
        #expect(platform("eu-west-1a", "m5.xlarge") == .linux, "images belong to one region")
        var rules = ProvisioningRules()
        rules.platforms = ["win-*": .redHat]
        #expect(platform("us-east-1a", "c5.xlarge", rules) == .redHat)
        rules.platforms = ["linux-*": .redHat]
        #expect(platform("us-east-1a", "c5.xlarge", rules) == .windows)
    }

    private static func prices(_ platforms: [ImagePlatform: [String: Double]]) -> [SpotPrice] {
        platforms.flatMap { platform, prices in
            prices.map { type, price in
                SpotPrice(
                    pool: Pool(
                        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: type),
                    platform: platform, price: Price(usd: price), timestamp: .start)
            }
        }
    }

    @Test("determines the prices of a decision: another pool may be the cheapest", arguments: [true, false])
    func choice(onDemand: Bool) {
        let definition = WorkerTypeDefinition.sample(
            types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)], canUseOndemand: onDemand, canUseSpot: !onDemand
        )
        let prices = Self.prices([
            .linux: ["c5.xlarge": 0.1, "m5.xlarge": 0.12], .windows: ["c5.xlarge": 0.3, "m5.xlarge": 0.2],
        ])
        let zones = ["us-east-1": ["us-east-1a"]]
        let holds = Holds([], now: .start)
        func bid(_ details: String, _ prices: [SpotPrice]) -> Bid? {
            WorkerTypeDecision(
                WorkerTypeDecision.Input(
                    workerType: .sample("alpha", definition), pendingTasks: 1, tally: CapacityTally(),
                    launches: []),
                market: WorkerTypeDecision.MarketView(
                    book: PriceBook(prices, zones: zones, holds: holds),
                    images: ImageCatalog([image("ami-12c6146b", details)]), holds: holds, zones: zones),
                rules: ProvisioningRules(), now: .start
            ).bids.first
        }
        let linux = bid("Linux/UNIX", prices)
        #expect(linux?.pool.instanceType == "c5.xlarge")
        #expect(linux?.platform == .linux)
        #expect(linux == bid("Linux/UNIX", Self.prices([.linux: ["c5.xlarge": 0.1, "m5.xlarge": 0.12]])))
        let windows = bid("Windows", prices)
        #expect(windows?.pool.instanceType == "m5.xlarge")
        #expect(windows?.platform == .windows)
        #expect(windows?.effectivePrice == Price(usd: 0.2))
        if !onDemand { #expect(bid("SUSE Linux", prices) == nil, "no price of the platform is known") }
    }

    @Test("is part of a stored bid where it is not Linux/UNIX")
    func storedBid() throws {
        func bid(_ platform: ImagePlatform) -> Bid {
            Bid(
                workerType: "alpha",
                pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
                capacity: 1, market: .spot, spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1),
                bidPrice: Price(usd: 0.2), platform: platform)
        }
        for platform in ImagePlatform.allCases {
            let stored = try JSONEncoder().encode(bid(platform))
            #expect(try JSONDecoder().decode(Bid.self, from: stored) == bid(platform))
            #expect(String(decoding: stored, as: UTF8.self).contains("platform") == (platform != .linux))
        }
    }
}
