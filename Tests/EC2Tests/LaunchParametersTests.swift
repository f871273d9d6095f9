import AWS
import Formats
import Foundation
import HTTPTransport
import TestSupport
import TestTags
import Testing

@testable import Domain
@testable import EC2

@Suite("Launch parameters", .tags(.slow))
struct LaunchParametersTests {
    private func request(
        _ specification: JSONObject, _ mode: RequestMode = .runInstances, market: Market = .spot
    ) -> LaunchRequest {
        LaunchRequest(
            clientToken: "token",
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.large"),
            market: market, mode: mode, bidPrice: Price(usd: 0.25), launchSpecification: specification,
            userData: "{}", tags: ["Owner": "p", "Name": "alpha"], validUntil: .start)
    }

    private func compare(
        _ documents: [JSONObject], _ operation: String, encoded: (JSONObject) -> QueryParameters,
        equivalent: (JSONObject) -> JSONObject
    ) async throws {
        let expected = try await ServiceModel.written(operation, documents.map(equivalent))
        for (document, expected) in zip(documents, expected) {
            let pairs = encoded(document).pairs
            let ours = Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            #expect(ours.count == pairs.count, "no parameter twice: \(document)")
            for name in Set(ours.keys).union(expected.keys).sorted() where name != "ValidUntil" {
                #expect(ours[name] == expected[name], "\(name) of \(document)")
            }
        }
    }

    /// The equivalent call of an AWS SDK for a document.
    private func runInstances(_ document: JSONObject, market: Market = .spot) -> JSONObject {
        var call = document
        call["MonitoringEnabled"] = nil
        if let enabled = document["MonitoringEnabled"] { call["Monitoring"] = ["Enabled": enabled] }
        if let addressing = call.removeValue(forKey: "AddressingType") {
            call["NetworkInterfaces"] = [
                ["DeviceIndex": 0, "AssociatePublicIpAddress": .bool(addressing == "public")]
            ]
        }
        call["InstanceInitiatedShutdownBehavior"] = "terminate"
        let kinds = ["instance", "volume"] + (market == .spot ? ["spot-instances-request"] : [])
        call["TagSpecifications"] = tags(document, on: kinds, orDefinedOn: ["network-interface"])
        if market == .spot {
            call["InstanceMarketOptions"] = [
                "MarketType": "spot",
                "SpotOptions": [
                    "MaxPrice": "0.2500", "SpotInstanceType": "one-time",
                    "InstanceInterruptionBehavior": "terminate",
                ],
            ]
        }
        return call.merging(
            // The client encodes user data before it serializes; the serializer alone does not.
            ["MinCount": 1, "MaxCount": 1, "ClientToken": "token", "UserData": "e30="],
            uniquingKeysWith: { _, ours in ours })
    }

    private func requestSpotInstances(_ document: JSONObject) -> JSONObject {
        var launch = document
        launch["MonitoringEnabled"] = nil
        if let enabled = document["MonitoringEnabled"] { launch["Monitoring"] = ["Enabled": enabled] }
        launch["TagSpecifications"] = nil
        launch["InstanceInitiatedShutdownBehavior"] = nil
        launch["UserData"] = "e30="
        return [
            "InstanceCount": 1, "ClientToken": "token", "SpotPrice": "0.2500", "Type": "one-time",
            "ValidUntil": "2023-11-14T22:13:20Z", "LaunchSpecification": .object(launch),
            "TagSpecifications": tags(document, on: ["spot-instances-request"], orDefinedOn: []),
        ]
    }

    /// The tags of the document and of the launch, which take precedence.
    private func tags(_ document: JSONObject, on kinds: [String], orDefinedOn more: [String]) -> JSONValue {
        var defined: [String: [String: String]] = [:]
        for entry in document["TagSpecifications"]?.arrayValue ?? [] {
            guard let kind = entry.objectValue?["ResourceType"]?.stringValue else { continue }
            for tag in entry.objectValue?["Tags"]?.arrayValue ?? [] {
                guard let key = tag.objectValue?["Key"]?.stringValue else { continue }
                defined[kind, default: [:]][key] = tag.objectValue?["Value"]?.stringValue ?? ""
            }
        }
        let all = kinds + more.filter { defined[$0] != nil }
        return .array(
            all.map { kind in
                let tags = (defined[kind] ?? [:]).merging(
                    ["Owner": "p", "Name": "alpha"], uniquingKeysWith: { _, ours in ours })
                return [
                    "ResourceType": .string(kind),
                    "Tags": .array(
                        tags.sorted { $0.key < $1.key }.map { key, value in
                            ["Key": .string(key), "Value": .string(value)]
                        }),
                ]
            })
    }

    @Test("of RunInstances match the service model for every member of a document")
    func everyMemberOfRunInstances() async throws {
        let documents = LaunchSpecificationSchema.launchSpecification.documents
        #expect(documents.count > 150)
        try await compare(
            documents, "RunInstances", encoded: { LaunchParameters.runInstances(request($0)) },
            equivalent: { runInstances($0) })
        try await compare(
            documents, "RunInstances",
            encoded: { LaunchParameters.runInstances(request($0, market: .onDemand)) },
            equivalent: { runInstances($0, market: .onDemand) })
    }

    @Test(
        "Every member that a document can carry is what the service model makes of it, for RequestSpotInstances"
    )
    func everyMemberOfRequestSpotInstances() async throws {
        let documents = LaunchSpecificationSchema.launchSpecification.documents.filter {
            LaunchSpecification.unknownToSpotRequests($0).isEmpty
        }
        #expect(documents.count > 80)
        try await compare(
            documents, "RequestSpotInstances",
            encoded: { LaunchParameters.requestSpotInstances(request($0, .requestSpotInstances)) },
            equivalent: { requestSpotInstances($0) })
    }

    @Test("are tested with valid documents")
    func documentsAreValid() {
        for document in LaunchSpecificationSchema.launchSpecification.documents {
            let notes = ProblemCollector()
            LaunchSpecificationSchema.launchSpecification.check(
                .object(document.filter { $0.key != "InstanceType" }), at: "launchSpec", notes)
            #expect(notes.problems.isEmpty, "\(document)")
        }
    }

    @Test("are described by the same table of keys as in the service model of RunInstances")
    func table() async throws {
        let model = try await ServiceModel.input(of: "RunInstances")
        #expect(LaunchSpecificationSchema.launchSpecification.differences(from: model, at: "") == [])
    }

    @Test("that RequestSpotInstances does not have are marked in the table of keys")
    func tableOfSpotRequests() async throws {
        let input = try await ServiceModel.input(of: "RequestSpotInstances")
        let model = try #require(input["members"]?.objectValue?["LaunchSpecification"]?.objectValue)
        #expect(LaunchSpecificationSchema.launchSpecification.membersUnknown(to: model, at: "") == [])
    }

    @Test("that RequestSpotInstances does not have make the launch fail without a call")
    func notInSpotRequests() async throws {
        let client = EC2Client(
            http: HTTPClient(), endpoint: Endpoint(environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]),
            credentials: CredentialsChain(environment: [:]))
        for (document, place): (JSONObject, String) in [
            (["MetadataOptions": ["HttpTokens": "optional"]], "MetadataOptions"),
            (["Placement": ["GroupId": "pg-1"]], "Placement.GroupId"),
            (
                ["TagSpecifications": [["ResourceType": "volume", "Tags": []]]],
                "TagSpecifications[0] (volume)"
            ),
        ] {
            let failure = await #expect(throws: ServiceFailure.self) {
                try await client.launch(request(document, .requestSpotInstances))
            }
            #expect(failure?.kind == .definition)
            #expect(failure?.message == "RequestSpotInstances has no \(place)")
        }
    }

    @Test("move an addressing type with the subnet and the groups into a network interface")
    func addressing() {
        let pairs = LaunchParameters.runInstances(
            request([
                "AddressingType": "private", "SubnetId": "subnet-1", "SecurityGroupIds": ["sg-1", "sg-2"],
            ])
        ).pairs
        let interface = Dictionary(
            pairs.filter { $0.name.hasPrefix("NetworkInterface.") }.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
        #expect(
            interface == [
                "NetworkInterface.1.DeviceIndex": "0", "NetworkInterface.1.SubnetId": "subnet-1",
                "NetworkInterface.1.AssociatePublicIpAddress": "false",
                "NetworkInterface.1.SecurityGroupId.1": "sg-1",
                "NetworkInterface.1.SecurityGroupId.2": "sg-2",
            ])
        #expect(!pairs.contains { $0.name.hasPrefix("SubnetId") || $0.name.hasPrefix("SecurityGroupId") })
    }

    @Test("are percent-encoded")
    func encoding() {
        var parameters = QueryParameters()
        parameters.add("Name", "a b&c=d/é~")
        #expect(String(decoding: parameters.body, as: UTF8.self) == "Name=a+b%26c%3Dd%2F%C3%A9~")
    }
}
