/// The actions of AWS that are used: the only place where their names stand.
package enum Action: String, CaseIterable {
    case describeInstances = "DescribeInstances"
    case describeSpotInstanceRequests = "DescribeSpotInstanceRequests"
    case describeSpotPriceHistory = "DescribeSpotPriceHistory"
    case describeAvailabilityZones = "DescribeAvailabilityZones"
    case describeKeyPairs = "DescribeKeyPairs"
    case describeImages = "DescribeImages"
    case describeSecurityGroups = "DescribeSecurityGroups"
    case runInstances = "RunInstances"
    case requestSpotInstances = "RequestSpotInstances"
    case cancelSpotInstanceRequests = "CancelSpotInstanceRequests"
    case terminateInstances = "TerminateInstances"
    case createTags = "CreateTags"
    case importKeyPair = "ImportKeyPair"

    case assumeRole = "AssumeRole"
    case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"

    case receiveMessage = "ReceiveMessage"
    case deleteMessageBatch = "DeleteMessageBatch"

    /// The service that it belongs to.
    package var service: QueryService {
        switch self {
        case .assumeRole, .assumeRoleWithWebIdentity: .sts
        case .receiveMessage, .deleteMessageBatch: .sqs
        default: .ec2
        }
    }

    /// What IAM calls the right to it; nil where none is needed, because the request bears no signature.
    package var permission: String? {
        switch self {
        case .assumeRoleWithWebIdentity: nil
        case .deleteMessageBatch: "sqs:DeleteMessage"
        default: service.name + ":" + rawValue
        }
    }
}

extension Action {
    /// What an action does, and so how far the right to it may be narrowed.
    package enum Right {
        /// Describes; EC2 knows no narrower right to it.
        case read
        /// Launches what has to bear our tag.
        case launch
        /// Puts our tag on what is being launched, or was by a request of ours.
        case tag
        /// Ends what bears our tag.
        case end
        case importKeyPair
        /// Takes a role that the credentials name.
        case assumeRole
        /// Empties the queue of interruption notices.
        case drainQueue
        /// Needs none: the request bears no signature.
        case none
    }

    /// No action can be added without saying what right it needs.
    package var right: Right {
        switch self {
        case .describeInstances, .describeSpotInstanceRequests, .describeSpotPriceHistory,
            .describeAvailabilityZones, .describeKeyPairs, .describeImages, .describeSecurityGroups:
            .read
        case .runInstances, .requestSpotInstances: .launch
        case .createTags: .tag
        case .cancelSpotInstanceRequests, .terminateInstances: .end
        case .importKeyPair: .importKeyPair
        case .assumeRole: .assumeRole
        case .assumeRoleWithWebIdentity: .none
        case .receiveMessage, .deleteMessageBatch: .drainQueue
        }
    }
}
