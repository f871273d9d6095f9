import Domain

/// What each of EC2's error codes means: the one table that says so.
///
/// Source: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API".
enum ErrorTable {
    private static let kinds: [ServiceFailure.Kind: Set<String>] = [
        .noCapacity: [
            "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity",
            "InsufficientReservedInstanceCapacity", "UnfulfillableCapacity", "Unsupported",
            "UnsupportedOperation",
        ],
        .priceTooLow: ["SpotMaxPriceTooLow"],
        .spotLimit: ["MaxSpotInstanceCountExceeded", "MaxSpotFleetRequestCountExceeded"],
        .onDemandLimit: ["InstanceLimitExceeded", "VcpuLimitExceeded"],
        .throttled: [
            "RequestLimitExceeded", "Throttling", "ThrottlingException", "RequestThrottled",
            "RequestThrottledException", "TooManyRequestsException", "ServiceUnavailable", "Unavailable",
            "InternalError", "InternalFailure", "InternalServerError", "RequestTimeout",
            "ConcurrentTagAccess",
        ],
        .unauthorized: [
            "UnauthorizedOperation", "AuthFailure", "OptInRequired", "ExpiredToken", "InvalidClientTokenId",
            "SignatureDoesNotMatch", "MissingAuthenticationToken", "IncompleteSignature", "RequestExpired",
            "PendingVerification", "Blocked", "AccessDenied", "InvalidSecurity",
            "UnrecognizedClientException",
        ],
        .definition: [
            "MissingParameter", "UnknownParameter", "ValidationError", "InvalidBlockDeviceMapping",
            "InvalidSnapshot.NotFound", "VPCIdNotSpecified", "VPCResourceNotSpecified",
            "InvalidUserData.Malformed",
            "InvalidInstanceType", "InvalidInterface.IpAddressLimitExceeded", "MissingInput",
        ],
    ]

    /// Families of codes, by how they begin; the longer ones first.
    private static let families: [(prefix: String, kind: ServiceFailure.Kind)] = [
        ("InvalidInstanceID.", .notFound), ("InvalidSpotInstanceRequestID.", .notFound),
        ("InvalidAMIID.", .definition), ("InvalidGroup", .definition), ("InvalidSecurityGroup", .definition),
        ("InvalidSubnet", .definition), ("InvalidParameter", .definition), ("InvalidKeyPair.", .definition),
        ("InvalidIamInstanceProfile", .definition), ("InvalidLaunchTemplate", .definition),
        ("InvalidNetworkInterface", .definition), ("InvalidPlacementGroup", .definition),
        ("InvalidKernel", .definition), ("InvalidRamdisk", .definition), ("InvalidTag", .definition),
        ("Throttling", .throttled),
    ]

    /// The class of a code; the HTTP status decides for codes that nobody knows.
    static func kind(of code: String, status: Int) -> ServiceFailure.Kind {
        if let kind = kinds.first(where: { $0.value.contains(code) })?.key { return kind }
        if let family = families.first(where: { code.hasPrefix($0.prefix) }) { return family.kind }
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
}
