import Domain
import HTTPTransport
import Testing

@testable import EC2

@Suite("What EC2's errors mean")
struct ErrorTableTests {
    @Test(
        "Each class of codes",
        arguments: [
            (
                ServiceFailure.Kind.noCapacity,
                ["InsufficientInstanceCapacity", "UnfulfillableCapacity", "Unsupported"]
            ),
            (
                .noZoneCapacity,
                [
                    "InsufficientFreeAddressesInSubnet", "InsufficientVolumeCapacity",
                    "InsufficientAddressCapacity",
                ]
            ),
            (.priceTooLow, ["SpotMaxPriceTooLow"]), (.spotLimit, ["MaxSpotInstanceCountExceeded"]),
            (.onDemandLimit, ["InstanceLimitExceeded", "VcpuLimitExceeded"]),
            (.regionLimit, ["VolumeLimitExceeded", "MaxIOPSLimitExceeded", "SomeNewLimitExceeded"]),
            (
                .throttled,
                ["RequestLimitExceeded", "Throttling", "ThrottlingNew", "InternalError", "Unavailable"]
            ),
            (
                .unauthorized,
                [
                    "UnauthorizedOperation", "AuthFailure",
                    "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
                    "OptInRequired", "PendingVerification", "AccountDisabled", "Blocked", "ExpiredToken",
                ]
            ),
            (
                .definition,
                [
                    "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable",
                    "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSubnetID.NotFound",
                    "InvalidSubnet.Conflict", "InvalidParameterValue", "InvalidParameterCombination",
                    "InvalidKeyPair.Format", "MissingParameter", "VPCIdNotSpecified",
                    "NetworkInterface.NotFound",
                    "SomethingNotSupported", "SecurityGroupsPerInstanceLimitExceeded",
                ]
            ),
            (
                .notFound,
                [
                    "InvalidInstanceID.NotFound", "InvalidSpotInstanceRequestID.NotFound",
                    "InvalidKeyPair.NotFound",
                ]
            ),
            (.tokenUsed, ["IdempotentParameterMismatch"]),
            (.other, ["SomethingNew", "OperationNotPermitted"]),
        ])
    func classes(kind: ServiceFailure.Kind, codes: [String]) {
        for code in codes { #expect(ErrorTable.kind(of: code, status: 400) == kind, "\(code)") }
    }

    @Test("Every code stands in one class")
    func once() {
        var seen: [String: ServiceFailure.Kind] = [:]
        for (kind, codes) in ErrorTable.kinds {
            for code in codes { #expect(seen.updateValue(kind, forKey: code) == nil, "\(code)") }
        }
        #expect(seen.count > 80)
    }

    @Test("The status decides for codes that nobody knows, and for no others")
    func unknownCodes() {
        #expect(ErrorTable.kind(of: "SomethingNew", status: 503) == .throttled)
        #expect(ErrorTable.kind(of: "SomethingNew", status: 403) == .unauthorized)
        #expect(ErrorTable.kind(of: "InsufficientInstanceCapacity", status: 500) == .noCapacity)
        #expect(ErrorTable.kind(of: "RequestLimitExceeded", status: 400) == .throttled)
    }

    @Test("A limit that a spot launch met is a spot limit, and never holds on-demand back")
    func limits() {
        #expect(ErrorTable.kind(of: "VcpuLimitExceeded", status: 400, launching: .spot) == .spotLimit)
        #expect(ErrorTable.kind(of: "VcpuLimitExceeded", status: 400, launching: .onDemand) == .onDemandLimit)
        #expect(ErrorTable.kind(of: "VolumeLimitExceeded", status: 400, launching: .spot) == .regionLimit)
    }

    @Test("State reasons of instances that never came up say what a refusal would have said")
    func stateReasons() {
        #expect(ErrorTable.failure(stateReason: "Server.InsufficientInstanceCapacity")?.kind == .noCapacity)
        #expect(ErrorTable.failure(stateReason: "Client.VolumeLimitExceeded")?.kind == .regionLimit)
        #expect(ErrorTable.failure(stateReason: "Client.InternalError")?.kind == .definition)
        #expect(ErrorTable.failure(stateReason: "Client.InstanceInitiatedShutdown") == nil)
        #expect(ErrorTable.failure(stateReason: "Server.SpotInstanceTermination") == nil)
    }

    @Test("An encoded reason is kept whole, for only whole it can be decoded, and people are shown how")
    func encoded() {
        let secret = String(repeating: "x", count: 3000)
        let message =
            "You are not authorized to perform this operation. Encoded authorization failure message: \(secret)"
        let body =
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>\(message)</Message></Error>"
            + "</Errors></Response>"
        let failure = QueryService.ec2.failure(
            HTTPResponse(status: 403, headers: [:], body: Array(body.utf8)), market: .spot)
        #expect(failure.kind == .unauthorized)
        #expect(failure.message == message)
        let brief = ServiceFailure.brief(failure.message)
        #expect(brief.hasPrefix("You are not authorized to perform this operation."))
        #expect(brief.contains("decode-authorization-message"))
        #expect(!brief.contains("xxx"))
        #expect(ServiceFailure.brief("plain") == "plain")
    }
}

@Suite("An instance's volumes")
struct VolumeTests {
    @Test("are read while it lacks the tag of its launch")
    func read() throws {
        func answer(_ tag: String) -> [UInt8] {
            Array(
                """
                <DescribeInstancesResponse><reservationSet><item><instancesSet><item>
                <instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><name>running</name>
                </instanceState><instanceType>c5.large</instanceType>
                <launchTime>2026-11-24T04:13:05.000Z</launchTime>
                <placement><availabilityZone>us-east-1a</availabilityZone></placement>
                <blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-1</volumeId></ebs>
                </item><item><deviceName>/dev/sdb</deviceName><ebs><volumeId>vol-2</volumeId></ebs></item>
                </blockDeviceMapping>
                <tagSet><item><key>\(tag)</key><value>l1</value></item></tagSet>
                </item></instancesSet></item></reservationSet></DescribeInstancesResponse>
                """.utf8)
        }
        let bare = try EC2Client.readInstances(answer("Name"), region: "us-east-1")
        #expect(bare.first?.volumeIds == ["vol-1", "vol-2"])
        #expect(bare.first?.state == .running)
        let tagged = try EC2Client.readInstances(answer("LaunchId"), region: "us-east-1")
        #expect(tagged.first?.volumeIds == [])
    }
}
