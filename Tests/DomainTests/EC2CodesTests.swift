import Testing

@testable import Domain

@Suite("The codes of EC2")
struct EC2CodesTests {
    @Test(
        "have a kind",
        arguments: [
            (
                ServiceFailure.Kind.noCapacity,
                ["InsufficientInstanceCapacity", "UnfulfillableCapacity"]
            ),
            (.noZoneCapacity, ["InsufficientVolumeCapacity"]),
            (.subnetFull, ["InsufficientFreeAddressesInSubnet"]),
            (.unsuitableType, ["InvalidInstanceType", "UnsupportedHibernationConfiguration"]),
            (.unusableZone, ["InvalidAvailabilityZone"]),
            (.noSpotRole, ["AuthFailure.ServiceLinkedRoleCreationNotPermitted"]),
            (
                .credentials,
                ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch", "RequestExpired"]
            ),
            (.alreadyEnded, ["IdempotentInstanceTerminated"]),
            (
                .missingResource,
                [
                    "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable",
                    "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSubnetID.NotFound",
                    "InvalidSubnet.Conflict", "InvalidSnapshot.NotFound",
                    "InvalidLaunchTemplateName.NotFoundException", "NetworkInterface.NotFound",
                ]
            ),
            (.priceTooLow, ["SpotMaxPriceTooLow"]), (.spotLimit, ["MaxSpotInstanceCountExceeded"]),
            (.onDemandLimit, ["InstanceLimitExceeded", "VcpuLimitExceeded"]),
            (
                .regionLimit,
                [
                    "VolumeLimitExceeded", "MaxIOPSLimitExceeded", "SomeNewLimitExceeded",
                    "InsufficientAddressCapacity",
                ]
            ),
            (
                .throttled,
                ["RequestLimitExceeded", "Throttling", "ThrottlingNew", "InternalError", "Unavailable"]
            ),
            (
                .unauthorized,
                [
                    "UnauthorizedOperation", "AuthFailure", "OptInRequired", "PendingVerification",
                    "AccountDisabled", "Blocked", "OperationNotPermitted",
                ]
            ),
            (
                .definition,
                [
                    "InvalidParameterValue", "InvalidParameterCombination",
                    "InvalidKeyPair.Format", "MissingParameter", "VPCIdNotSpecified",
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
            (.other, ["SomethingNew", "Unsupported"]),
        ])
    func classes(kind: ServiceFailure.Kind, codes: [String]) {
        for code in codes { #expect(EC2Codes.kind(ofResponse: code, status: 400) == kind, "\(code)") }
    }

    @Test(
        "with several reasons have the kind that their message names",
        arguments: [
            (
                "InvalidParameterValue",
                "The architecture 'x86_64' of the specified instance type does not match the architecture 'arm64'",
                .unsuitableType
            ),
            (
                "InvalidParameterCombination",
                "Enhanced networking with the Elastic Network Adapter (ENA) is required for the 'c5.xlarge' instance type.",
                .unsuitableType
            ),
            (
                "InvalidParameterValue", "The instance type 'c7g.large' requires the boot mode uefi",
                .unsuitableType
            ),
            (
                "Unsupported",
                "The instance configuration for this AWS Marketplace product is not supported.", .other
            ),
            (
                "Unsupported",
                "Your requested instance type (c5.xlarge) is not supported in your requested Availability Zone (us-east-1e).",
                .noCapacity
            ),
            ("Unsupported", "The requested Availability Zone is currently constrained", .unusableZone),
            ("MissingInput", "No default subnet for availability zone: 'us-east-1e'.", .unusableZone),
            ("InvalidParameterValue", "Invalid IAM Instance Profile name", .newProfile),
            ("InvalidParameterValue", "Value (x) for parameter volumeSize is invalid", .definition),
            ("AuthFailure", "AWS was not able to validate the provided access credentials", .credentials),
            ("AuthFailure", "Not authorized for images: [ami-1]", .unauthorized),
        ] as [(String, String, ServiceFailure.Kind)])
    func messages(code: String, message: String, kind: ServiceFailure.Kind) {
        #expect(
            EC2Codes.kind(ofResponse: code, status: 400, message: message, launching: .spot) == kind)
    }

    @Test("of responses have one kind each")
    func once() {
        var seen: [String: ServiceFailure.Kind] = [:]
        for (kind, codes) in EC2Codes.responses {
            for code in codes { #expect(seen.updateValue(kind, forKey: code) == nil, "\(code)") }
        }
        #expect(seen.count > 80)
    }

    @Test("that are unknown have the kind of the HTTP status, and known codes do not")
    func unknownCodes() {
        #expect(EC2Codes.kind(ofResponse: "SomethingNew", status: 503) == .throttled)
        #expect(EC2Codes.kind(ofResponse: "SomethingNew", status: 403) == .unauthorized)
        #expect(EC2Codes.kind(ofResponse: "InsufficientInstanceCapacity", status: 500) == .noCapacity)
        #expect(EC2Codes.kind(ofResponse: "RequestLimitExceeded", status: 400) == .throttled)
    }

    @Test("for vCPU limits mean the spot limit for a spot launch")
    func limits() {
        #expect(EC2Codes.kind(ofResponse: "VcpuLimitExceeded", status: 400, launching: .spot) == .spotLimit)
        #expect(
            EC2Codes.kind(ofResponse: "VcpuLimitExceeded", status: 400, launching: .onDemand)
                == .onDemandLimit)
        #expect(
            EC2Codes.kind(ofResponse: "VolumeLimitExceeded", status: 400, launching: .spot) == .regionLimit)
    }

    @Test("in state reasons of instances that never started mean the same as in responses")
    func stateReasons() {
        #expect(EC2Codes.failure(stateReason: "Server.InsufficientInstanceCapacity")?.kind == .noCapacity)
        #expect(EC2Codes.failure(stateReason: "Client.VolumeLimitExceeded")?.kind == .regionLimit)
        #expect(EC2Codes.failure(stateReason: "Client.InternalError")?.kind == .definition)
        #expect(EC2Codes.failure(stateReason: "Client.InstanceInitiatedShutdown") == nil)
        #expect(EC2Codes.failure(stateReason: "Server.SpotInstanceTermination") == nil)
    }

    @Test("of throttling differ from codes of outages")
    func throttles() {
        for code in ["Throttling", "RequestLimitExceeded", "SlowDown", "EC2ThrottledException"] {
            #expect(EC2Codes.isThrottle(code), "\(code)")
        }
        for code in ["InternalError", "Unavailable"] { #expect(!EC2Codes.isThrottle(code), "\(code)") }
    }

    @Test("mean an interruption only where EC2 reclaimed the instance")
    func interruptions() {
        for code in ["Server.SpotInstanceShutdown", "instance-stopped-no-capacity"] {
            #expect(EC2Codes.isInterruption(code) && EC2Codes.isNoBootFailure(code), "\(code)")
        }
        for code in ["instance-terminated-by-schedule", "instance-terminated-by-service", "price-too-low"] {
            #expect(!EC2Codes.isInterruption(code), "\(code)")
        }
        #expect(EC2Codes.isNoBootFailure("Client.UserInitiatedShutdown"))
        #expect(!EC2Codes.isNoBootFailure("Server.InternalError"))
        #expect(!EC2Codes.isNoBootFailure("Client.InstanceInitiatedShutdown"))
    }
}
