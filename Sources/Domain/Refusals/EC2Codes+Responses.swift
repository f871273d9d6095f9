extension EC2Codes {
    // MARK: Error responses

    // Source: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API".
    /// The kinds of single codes. Each code has one kind.
    static let responses: [ServiceFailure.Kind: Set<String>] = [
        .noCapacity: [
            "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity",
            "InsufficientReservedInstanceCapacity", "InsufficientReservedInstancesCapacity",
            "ReservationCapacityExceeded", "UnfulfillableCapacity", "UnavailableHostRequirements",
            // The zone does not offer the type, or not with this image; it may offer other types.
            "Unsupported", "UnsupportedOperation", "UnsupportedInstanceTypeOnHost", "InvalidInstanceType",
        ],
        .noZoneCapacity: [
            "InsufficientFreeAddressesInSubnet", "InsufficientAddressCapacity", "InsufficientVolumeCapacity",
            "VolumeTypeNotAvailableInZone", "InvalidAvailabilityZone",
        ],
        .priceTooLow: ["SpotMaxPriceTooLow"],
        .spotLimit: ["MaxSpotInstanceCountExceeded", "MaxSpotFleetRequestCountExceeded"],
        .onDemandLimit: ["InstanceLimitExceeded", "VcpuLimitExceeded"],
        .regionLimit: [
            "VolumeLimitExceeded", "MaxIOPSLimitExceeded", "NetworkInterfaceLimitExceeded",
            "AddressLimitExceeded", "ResourceLimitExceeded", "RequestResourceCountExceeded",
        ],
        .throttled: [
            "RequestLimitExceeded", "Throttling", "ThrottlingException", "EC2ThrottledException",
            "RequestThrottled", "RequestThrottledException", "TooManyRequestsException", "SlowDown",
            "PriorRequestNotComplete", "ServiceUnavailable", "Unavailable", "InternalError",
            "InternalFailure", "InternalServerError", "ServerInternal", "RequestTimeout",
            "RequestTimeoutException", "RetryableError", "ConcurrentTagAccess", "BandwidthLimitExceeded",
            "CreditSpecificationUpdateInProgress",
        ],
        .unauthorized: [
            "UnauthorizedOperation", "AuthFailure", "OptInRequired", "ExpiredToken",
            "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch",
            "InvalidSignatureException", "MissingAuthenticationToken", "IncompleteSignature",
            "RequestExpired", "PendingVerification", "Blocked", "AccountDisabled", "AccessDenied",
            "AccessDeniedException", "DeclarativePoliciesAccessDeniedException", "InvalidSecurity",
            "InvalidAccessKeyId", "UnrecognizedClientException", "SubscriptionRequiredException",
        ],
        .definition: [
            "ClientInvalidParameterValue", "ValidationError", "VPCIdNotSpecified",
            "VPCResourceNotSpecified", "DefaultVpcDoesNotExist", "EncryptedVolumesNotSupported",
            "CustomerKeyHasBeenRevoked", "BootForVolumeTypeUnsupported",
            "UnsupportedHibernationConfiguration", "UnsupportedHostConfiguration", "UnsupportedTenancy",
            "UnknownParameter", "UnknownVolumeType", "NoSuchVersion", "TagPolicyViolation", "ZonesMismatched",
            // One launch asks for more than EC2 allows a launch, whatever the limits of the account are.
            "AttachmentLimitExceeded", "TagLimitExceeded", "SecurityGroupLimitExceeded",
            "SecurityGroupsPerInstanceLimitExceeded", "SecurityGroupsPerInterfaceLimitExceeded",
            "PrivateIpAddressLimitExceeded", "VolumeIOPSLimit", "ResourceCountExceeded",
        ],
        // EC2 may not show a newly imported key pair yet.
        .notFound: ["InvalidKeyPair.NotFound"],
        .tokenUsed: ["IdempotentParameterMismatch"],
        .other: [
            "OperationNotPermitted", "DryRunOperation", "FilterLimitExceeded", "InvalidPaginationToken",
        ],
    ]

    /// The kinds of other codes by their prefix; longer prefixes first.
    private static let prefixes: [(text: String, kind: ServiceFailure.Kind)] = [
        ("InvalidInstanceID.", .notFound), ("InvalidSpotInstanceRequestID.", .notFound),
        ("AuthFailure.", .unauthorized), ("Throttling", .throttled),
        // Images, groups, subnets, key pairs, profiles, templates, interfaces, placement, snapshots, parameters.
        ("Invalid", .definition), ("Missing", .definition), ("Malformed", .definition),
        ("Insufficient", .noCapacity),
    ]

    /// The kinds of other codes by their suffix.
    private static let suffixes: [(text: String, kind: ServiceFailure.Kind)] = [
        (".NotFound", .definition), (".Malformed", .definition), ("NotSupported", .definition),
        ("LimitExceeded", .regionLimit),
    ]

    /// The kind of an error response. The HTTP status decides for an unknown code.
    ///
    /// - Parameter market: the market of the launch. A vCPU limit that a spot launch reaches is a spot limit.
    package static func kind(
        ofResponse code: String, status: Int, launching market: Market? = nil
    ) -> ServiceFailure.Kind {
        let kind = kind(ofResponse: code) ?? kind(ofStatus: status)
        return kind == .onDemandLimit && market == .spot ? .spotLimit : kind
    }

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
