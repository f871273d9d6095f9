public import Domain

/// What each of EC2's error codes means: the one table that says so. What follows from each class is said where the
/// classes are, in `ServiceFailure.Kind`.
///
/// Source: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API" and "StateReason".
public enum ErrorTable {
    /// Codes that are known one by one. A code stands in one class only.
    static let kinds: [ServiceFailure.Kind: Set<String>] = [
        .noCapacity: [
            "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity",
            "InsufficientReservedInstanceCapacity", "InsufficientReservedInstancesCapacity",
            "ReservationCapacityExceeded", "UnfulfillableCapacity", "UnavailableHostRequirements",
            // The type is not to be had in the zone, or not with this image: other types may be.
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
            // What one launch asks for too much of, whatever the account has left.
            "AttachmentLimitExceeded", "TagLimitExceeded", "SecurityGroupLimitExceeded",
            "SecurityGroupsPerInstanceLimitExceeded", "SecurityGroupsPerInterfaceLimitExceeded",
            "PrivateIpAddressLimitExceeded", "VolumeIOPSLimit", "ResourceCountExceeded",
        ],
        // A key pair that was imported just now may not be known everywhere yet.
        .notFound: ["InvalidKeyPair.NotFound"],
        .tokenUsed: ["IdempotentParameterMismatch"],
        .other: [
            "OperationNotPermitted", "DryRunOperation", "FilterLimitExceeded", "InvalidPaginationToken",
        ],
    ]

    /// Families of codes that are not known one by one, by how they begin; the longer ones first.
    private static let beginnings: [(text: String, kind: ServiceFailure.Kind)] = [
        ("InvalidInstanceID.", .notFound), ("InvalidSpotInstanceRequestID.", .notFound),
        ("AuthFailure.", .unauthorized), ("Throttling", .throttled),
        // Images, groups, subnets, key pairs, profiles, templates, interfaces, placement, snapshots, parameters.
        ("Invalid", .definition), ("Missing", .definition), ("Malformed", .definition),
        ("Insufficient", .noCapacity),
    ]

    /// The same, by how they end.
    private static let ends: [(text: String, kind: ServiceFailure.Kind)] = [
        (".NotFound", .definition), (".Malformed", .definition), ("NotSupported", .definition),
        ("LimitExceeded", .regionLimit),
    ]

    /// The class of a code; the HTTP status decides for codes that nobody knows.
    static func kind(of code: String, status: Int) -> ServiceFailure.Kind {
        if let kind = kinds.first(where: { $0.value.contains(code) })?.key { return kind }
        if let family = beginnings.first(where: { code.hasPrefix($0.text) }) { return family.kind }
        if let family = ends.first(where: { code.hasSuffix($0.text) }) { return family.kind }
        switch status {
        case 429, 500...599: return .throttled
        case 401, 403: return .unauthorized
        default: return .other
        }
    }

    /// The class of a code that a launch met: the account's limits are spot limits where spot was asked for.
    static func kind(of code: String, status: Int, launching market: Market) -> ServiceFailure.Kind {
        let kind = kind(of: code, status: status)
        return kind == .onDemandLimit && market == .spot ? .spotLimit : kind
    }

    /// What follows from the state reason of an instance that EC2 took on and never brought up; nil for any other.
    public static func failure(stateReason code: String) -> ServiceFailure? {
        let kind: ServiceFailure.Kind
        switch code {
        case "Server.InsufficientInstanceCapacity": kind = .noCapacity
        case "Server.InternalError": kind = .other
        case "Client.VolumeLimitExceeded": kind = .regionLimit
        // A volume's key that may not be used is the usual cause of the former.
        case "Client.InternalError", "Client.InvalidSnapshot.NotFound": kind = .definition
        default: return nil
        }
        return ServiceFailure(kind: kind, code: code, message: "EC2 ended the instance as it was launched")
    }
}
