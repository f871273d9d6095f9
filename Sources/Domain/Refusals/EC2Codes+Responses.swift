extension EC2Codes {
    // MARK: Error responses

    // Source: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API".
    /// The kinds of single codes. Each code has one kind, unless `kind(of:inMessage:)` finds another one in the message.
    static let responses: [ServiceFailure.Kind: Set<String>] = [
        .noCapacity: [
            "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity",
            "InsufficientReservedInstanceCapacity", "InsufficientReservedInstancesCapacity",
            "ReservationCapacityExceeded", "UnfulfillableCapacity", "UnavailableHostRequirements",
        ],
        .noZoneCapacity: ["InsufficientVolumeCapacity", "VolumeTypeNotAvailableInZone"],
        .subnetFull: ["InsufficientFreeAddressesInSubnet"],
        .priceTooLow: ["SpotMaxPriceTooLow"],
        .spotLimit: ["MaxSpotInstanceCountExceeded", "MaxSpotFleetRequestCountExceeded"],
        .onDemandLimit: ["InstanceLimitExceeded", "VcpuLimitExceeded"],
        .regionLimit: [
            "VolumeLimitExceeded", "MaxIOPSLimitExceeded", "NetworkInterfaceLimitExceeded",
            "AddressLimitExceeded", "InsufficientAddressCapacity", "ResourceLimitExceeded",
            "RequestResourceCountExceeded",
        ],
        .unsuitableType: [
            "InvalidInstanceType", "UnsupportedInstanceTypeOnHost", "UnsupportedHibernationConfiguration",
            "BootForVolumeTypeUnsupported", "EncryptedVolumesNotSupported", "AttachmentLimitExceeded",
            "PrivateIpAddressLimitExceeded", "VolumeIOPSLimit",
        ],
        .unusableZone: ["InvalidAvailabilityZone", "ZonesMismatched"],
        .throttled: [
            "RequestLimitExceeded", "Throttling", "ThrottlingException", "EC2ThrottledException",
            "RequestThrottled", "RequestThrottledException", "TooManyRequestsException", "SlowDown",
            "PriorRequestNotComplete", "ServiceUnavailable", "Unavailable", "InternalError",
            "InternalFailure", "InternalServerError", "ServerInternal", "RequestTimeout",
            "RequestTimeoutException", "RetryableError", "ConcurrentTagAccess", "BandwidthLimitExceeded",
            "CreditSpecificationUpdateInProgress",
        ],
        .credentials: [
            "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch",
            "InvalidSignatureException", "MissingAuthenticationToken", "IncompleteSignature",
            "RequestExpired", "InvalidSecurity", "InvalidAccessKeyId", "UnrecognizedClientException",
        ],
        .unauthorized: [
            "UnauthorizedOperation", "AuthFailure", "OptInRequired", "PendingVerification", "Blocked",
            "AccountDisabled", "AccessDenied", "AccessDeniedException", "OperationNotPermitted",
            "DeclarativePoliciesAccessDeniedException", "SubscriptionRequiredException", "TagPolicyViolation",
        ],
        .noSpotRole: ["AuthFailure.ServiceLinkedRoleCreationNotPermitted"],
        .missingResource: ["DefaultVpcDoesNotExist", "CustomerKeyHasBeenRevoked", "NoSuchVersion"],
        .definition: [
            "ClientInvalidParameterValue", "ValidationError", "VPCIdNotSpecified",
            "VPCResourceNotSpecified", "UnsupportedHostConfiguration", "UnsupportedTenancy",
            "UnknownParameter", "UnknownVolumeType",
            // One launch asks for more than EC2 allows a launch, whatever the limits of the account are.
            "TagLimitExceeded", "SecurityGroupLimitExceeded",
            "SecurityGroupsPerInstanceLimitExceeded", "SecurityGroupsPerInterfaceLimitExceeded",
            "ResourceCountExceeded",
        ],
        // EC2 may not show a newly imported key pair yet.
        .notFound: ["InvalidKeyPair.NotFound"],
        .tokenUsed: ["IdempotentParameterMismatch"],
        .alreadyEnded: ["IdempotentInstanceTerminated"],
        .other: [
            "Unsupported", "UnsupportedOperation", "DryRunOperation", "FilterLimitExceeded",
            "InvalidPaginationToken",
        ],
    ]

    /// The kinds of other codes by their prefix; longer prefixes first.
    private static let prefixes: [(text: String, kind: ServiceFailure.Kind)] = [
        ("InvalidInstanceID.", .notFound), ("InvalidSpotInstanceRequestID.", .notFound),
        ("AuthFailure.", .unauthorized), ("Throttling", .throttled),
        ("InvalidParameter", .definition), ("Missing", .definition), ("Malformed", .definition),
        // An image, group, subnet, key pair, template, interface, placement group or snapshot of the region.
        ("InvalidAMIID.", .missingResource), ("InvalidGroup", .missingResource),
        ("InvalidSecurityGroupID.", .missingResource), ("InvalidSubnetID.", .missingResource),
        ("InvalidSubnet.", .missingResource), ("InvalidSnapshot.", .missingResource),
        ("InvalidLaunchTemplate", .missingResource), ("InvalidPlacementGroup.", .missingResource),
        ("InvalidVolume.", .missingResource), ("InvalidCapacityReservation", .missingResource),
        ("Invalid", .definition), ("Insufficient", .noCapacity),
    ]

    /// The kinds of other codes by their suffix.
    private static let suffixes: [(text: String, kind: ServiceFailure.Kind)] = [
        (".NotFound", .missingResource), (".Malformed", .definition), ("NotSupported", .definition),
        ("LimitExceeded", .regionLimit),
    ]

    /// Codes that EC2 uses for many reasons. The message names the reason.
    private static let ambiguous: Set<String> = [
        "InvalidParameterValue", "InvalidParameterCombination", "InvalidParameter", "InvalidRequest",
        "Unsupported", "UnsupportedOperation", "MissingInput", "MissingParameter", "VPCResourceNotSpecified",
        "InvalidInput",
    ]

    /// Texts of messages and their meanings, the first match decides.
    private static let reasons: [(pattern: String, kind: ServiceFailure.Kind)] = [
        ("instance profile", .newProfile), ("iaminstanceprofile", .newProfile),
        ("default subnet", .unusableZone),
        ("architecture", .unsuitableType), ("boot mode", .unsuitableType), ("bootmode", .unsuitableType),
        ("uefi", .unsuitableType), ("elastic network adapter", .unsuitableType),
        ("enasupport", .unsuitableType), (" ena ", .unsuitableType), ("ena-", .unsuitableType),
        ("'ena'", .unsuitableType), ("enhanced networking", .unsuitableType), ("nitro", .unsuitableType),
        ("elastic fabric", .unsuitableType), ("efa", .unsuitableType),
        ("virtualization type", .unsuitableType), ("hvm", .unsuitableType),
        ("nvme", .unsuitableType), ("hibernat", .unsuitableType), ("enclave", .unsuitableType),
        ("ebs-optimized", .unsuitableType), ("credit specification", .unsuitableType),
        ("cpu options", .unsuitableType), ("threads per core", .unsuitableType),
    ]

    /// The kind of an error response. The HTTP status decides for an unknown code.
    ///
    /// - Parameters:
    ///   - message: decides between the meanings of a code that has several.
    ///   - market: the market of the launch. A vCPU limit that a spot launch reaches is a spot limit.
    package static func kind(
        ofResponse code: String, status: Int, message: String = "", launching market: Market? = nil
    ) -> ServiceFailure.Kind {
        let kind = kind(of: code, inMessage: message) ?? kind(ofResponse: code) ?? kind(ofStatus: status)
        if code == "AuthFailure", market != nil, message.contains("credentials") { return .credentials }
        return kind == .onDemandLimit && market == .spot ? .spotLimit : kind
    }

    /// The meaning of a message; nil where the code alone decides.
    private static func kind(of code: String, inMessage message: String) -> ServiceFailure.Kind? {
        guard ambiguous.contains(code) else { return nil }
        let text = message.lowercased()
        if let reason = reasons.first(where: { text.contains($0.pattern) }) { return reason.kind }
        let (type, zone) = (text.contains("instance type") || text.contains("instancetype"), namesZone(text))
        if type { return zone ? .noCapacity : .unsuitableType }
        return zone ? .unusableZone : nil
    }

    private static func namesZone(_ text: String) -> Bool {
        text.contains("availability zone") || text.contains("availabilityzone")
    }

    /// Whether the region does not have the instance type: other regions may have it.
    static func isUnknownType(_ failure: ServiceFailure) -> Bool {
        failure.code == "InvalidInstanceType" || failure.message.lowercased().contains("for instancetype")
    }

    /// The single codes with a kind.
    package static var responseCodes: Set<String> { responses.values.reduce(into: []) { $0.formUnion($1) } }

    /// Whether a code has a kind. The HTTP status decides for the others.
    package static func isKnown(response code: String) -> Bool { kind(ofResponse: code) != nil }

    private static func kind(ofResponse code: String) -> ServiceFailure.Kind? {
        responses.first { $0.value.contains(code) }?.key
            ?? prefixes.first { code.hasPrefix($0.text) }?.kind
            ?? suffixes.first { code.hasSuffix($0.text) }?.kind
    }

    private static func kind(ofStatus status: Int) -> ServiceFailure.Kind {
        switch status {
        case 429, 500...599: .throttled
        case 401, 403: .unauthorized
        default: .other
        }
    }

    /// Whether the code reports a call rate above the limit. The other codes of kind `throttled` report an outage.
    ///
    /// Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
    package static func isThrottle(_ code: String) -> Bool {
        code.contains("Throttl") || throttles.contains(code)
    }

    private static let throttles: Set<String> = [
        "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "BandwidthLimitExceeded",
    ]

    /// Whether the credentials that signed the call have expired.
    package static func isExpiry(_ code: String) -> Bool {
        ["ExpiredToken", "ExpiredTokenException", "RequestExpired"].contains(code)
    }

    /// Whether STS could not reach the identity provider: the same call may succeed later.
    package static func isTransient(_ code: String) -> Bool { code == "IDPCommunicationError" }

    /// Whether the key pair that was to be imported exists already.
    package static func isExistingKeyPair(_ code: String) -> Bool { code == "InvalidKeyPair.Duplicate" }
}
