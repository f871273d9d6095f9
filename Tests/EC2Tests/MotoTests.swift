import AWS
import Domain
import Formats
import Foundation
import HTTPTransport
import TestSupport
import TestTags
import Testing

@testable import EC2

@Suite("The EC2 client against moto", .tags(.moto))
struct MotoTests {
    private let server: Server
    private let client: EC2Client
    private let ownership = Ownership(provisionerId: "p", keyPrefix: "p-managed:")

    init() throws {
        server = try Server("ec2_server.py")
        client = Self.client(server)
    }

    private static func client(_ server: Server, timeout: Double = 30) -> EC2Client {
        EC2Client(
            http: HTTPClient(timeout: timeout),
            endpoint: Endpoint(environment: ["AWS_ENDPOINT_URL_EC2": server.url]),
            credentials: CredentialsChain(environment: [
                "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
            ]), retry: RetryPolicy(attempts: 2, base: 0.01, maxDelay: 0.01))
    }

    private func request(
        _ token: String, market: Market = .spot, mode: RequestMode = .runInstances, subnet: String? = nil
    ) -> LaunchRequest {
        LaunchRequest(
            clientToken: token,
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1b", instanceType: "c5.large"),
            market: market, mode: mode, bidPrice: Price(usd: 0.2),
            launchSpecification: [
                "ImageId": "ami-12c6146b", "InstanceType": "c5.large", "SecurityGroups": ["default"],
                "SubnetId": subnet.map(JSONValue.string) ?? .null,
                "Placement": ["AvailabilityZone": "us-east-1b"],
            ], userData: "{\"hello\":\"world\"}", tags: ownership.tags(workerType: "alpha", launchId: token),
            validUntil: Date().addingTimeInterval(600))
    }

    private func state(_ region: String = "us-east-1") async throws -> RegionState {
        try await client.regionState(region, ownership: ownership, now: .start)
    }

    private func failure(_ body: () async throws -> some Any) async -> ServiceFailure? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? ServiceFailure
        }
    }

    @Test("launches one instance for each client token, spot and on-demand, with tags, zone and type")
    func launches() async throws {
        let first = try await client.launch(request("spot"))
        #expect(try await client.launch(request("spot")) == first)
        let second = try await client.launch(request("demand", market: .onDemand))
        let instances = try await state().instances
        #expect(Set(instances.map(\.id)) == Set([first.instanceId, second.instanceId].compactMap { $0 }))
        let instance = try #require(instances.first { $0.id == first.instanceId })
        #expect(instance.tags == ownership.tags(workerType: "alpha", launchId: "spot"))
        #expect(instance.pool == request("spot").pool)
        #expect(instance.state == .running || instance.state == .pending)
        #expect(try await state("eu-west-1").instances.isEmpty)
    }

    @Test("places spot requests, finds and tags their instances, and cancels them")
    func requests() async throws {
        let answer = try await client.launch(request("request", mode: .requestSpotInstances))
        let requestId = try #require(answer.spotRequestId)
        let shown = try await state()
        #expect(shown.spotRequests.map(\.id) == [requestId])
        let instance = try #require(shown.instances.first)
        try await client.createTags(["LaunchId": "request"], on: [instance.id], region: "us-east-1")
        #expect(try await state().instances.first?.tags["LaunchId"] == "request")
        #expect(try await client.cancelSpotRequests([requestId], region: "us-east-1").isEmpty)
        #expect(try await state().spotRequests.filter { $0.state == .open || $0.state == .active }.isEmpty)
    }

    @Test("terminates all named instances, also when one of them does not exist")
    func terminates() async throws {
        let ids = [
            try await client.launch(request("a")).instanceId,
            try await client.launch(request("b")).instanceId,
        ].compactMap { $0 }
        let unknown = "i-00000000000000000"
        let refused = try await client.terminateInstances([unknown] + ids, region: "us-east-1")
        #expect(refused.mapValues(\.kind) == [unknown: .notFound])
        #expect(try await server.control("{}").contains("\"TerminateInstances\": 2"))
        #expect(
            try await state().instances.allSatisfy { $0.state == .terminated || $0.state == .shuttingDown })
    }

    @Test("reads prices, zones, images and security groups")
    func describes() async throws {
        let prices = try await client.spotPrices(
            region: "us-east-1", instanceTypes: ["c5.large", "m5.large"], platforms: [.linux],
            since: Date().addingTimeInterval(-1800)
        ).prices
        #expect(Set(prices.map(\.pool.instanceType)).isSubset(of: ["c5.large", "m5.large"]))
        #expect(!prices.isEmpty)
        #expect(try await state().availabilityZones.contains("us-east-1a"))
        #expect(
            try await client.images(["ami-12c6146b", "ami-00000000"], region: "us-east-1")
                == [
                    MachineImage(
                        id: "ami-12c6146b", architecture: "x86_64", enaSupport: nil, bootMode: "uefi")
                ])
        let types = try await client.instanceTypes(["c4.xlarge", "m6g.large", "none"], region: "us-east-1")
        #expect(
            Set(types) == [
                InstanceTypeSupport(
                    instanceType: "c4.xlarge", architectures: ["x86_64"], requiresENA: false,
                    bootModes: ["legacy-bios"], vCPUs: 4),
                InstanceTypeSupport(
                    instanceType: "m6g.large", architectures: ["arm64"], requiresENA: true,
                    bootModes: ["uefi"], vCPUs: 2),
            ])
        #expect(
            try await client.existingSecurityGroups(["default", "other"], by: .name, region: "us-east-1")
                == ["default"])
    }

    @Test("imports a missing key pair once")
    func keyPair() async throws {
        let publicKey =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 test"
        for _ in 1...2 {
            try await client.ensureKeyPair(
                named: "p-managed::1234567", publicKey: publicKey, region: "us-east-1")
        }
        #expect(try await server.control("{}").contains("\"ImportKeyPair\": 1"))
    }

    @Test("classifies error responses, and treats a malformed response as a failure")
    func failures() async throws {
        #expect(
            await failure { try await client.launch(request("x", subnet: "subnet-00000000")) }?.kind
                == .missingResource)
        for kind in ["error", "garbage", "cut-before", "truncated"] {
            try await server.control(#"{"fault": {"us-east-1": {"kind": "\#(kind)"}}}"#)
            let failed = await failure { try await state() }
            #expect(
                failed?.kind == .unreachable || failed?.kind == .throttled,
                "\(kind): \(String(describing: failed))")
            #expect(await failure { try await state("eu-west-1") } == nil)
        }
        try await server.control(#"{"fault": {"us-east-1": {"kind": "hang"}}}"#)
        let patient = Self.client(server, timeout: 0.3)
        #expect(
            await failure { try await patient.regionState("us-east-1", ownership: ownership, now: .start) }?
                .kind
                == .unreachable)
        try await server.control(#"{"fault": {"us-east-1": {"kind": "code:UnauthorizedOperation"}}}"#)
        #expect(await failure { try await state() }?.kind == .unauthorized)
    }

    @Test("lists active requests, and reads requests by their ids")
    func requestsById() async throws {
        let placed = try #require(
            try await client.launch(request("a", mode: .requestSpotInstances)).spotRequestId)
        #expect(try await state().spotRequests.map(\.id) == [placed])
        let read = try await client.spotRequests([placed, "sir-unknown"], region: "us-east-1")
        #expect(read == (try await state().spotRequests))
        #expect(read.first?.instanceId != nil)
    }

    @Test("reads the market that an instance has in EC2")
    func lifecycle() async throws {
        let spot = try await client.launch(request("a")).instanceId
        let onDemand = try await client.launch(request("b", market: .onDemand)).instanceId
        let markets = try await state().instances.map { ($0.id, $0.lifecycle) }
        #expect(markets.first { $0.0 == spot }?.1 == .spot)
        #expect(markets.first { $0.0 == onDemand }?.1 == .onDemand)
    }

    @Test("reads all pages")
    func pages() async throws {
        for index in 0..<12 { _ = try await client.launch(request("page-\(index)")) }
        var parameters = QueryParameters()
        parameters.add("MaxResults", 5)
        let first = try await client.call(
            .describeInstances, parameters, region: "us-east-1",
            records: EC2Client.instances(region: "us-east-1"))
        #expect(first.items.count == 5)
        #expect(first.rootFields["nextToken"]?.isEmpty == false)
        #expect(try await state().instances.count == 12)
    }

    @Test("counts an instance or a request that two pages contain once")
    func duplicatedPages() async throws {
        let proxy = try Server("fault_proxy.py")
        let client = Self.client(proxy)
        for index in 0..<6 {
            let mode = index < 3 ? RequestMode.runInstances : .requestSpotInstances
            _ = try await client.launch(request("twice-\(index)", mode: mode))
        }
        let whole = try await client.regionState("us-east-1", ownership: ownership, now: .start)
        for seed in 1...5 {
            try await proxy.control(
                "{\"faults\": {\"rate\": 1, \"seed\": \"\(seed)\", \"kinds\": [\"duplicate-page\"]}}")
            let state = try await client.regionState("us-east-1", ownership: ownership, now: .start)
            #expect(state.instances.count == 6)
            #expect(Set(state.instances) == Set(whole.instances))
            #expect(state.spotRequests.count == 3)
        }
    }
}
