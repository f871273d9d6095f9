/// The actions of AWS that the programs call, by their names.
package enum Action: String, CaseIterable {
    case describeInstances = "DescribeInstances"
    case describeSpotInstanceRequests = "DescribeSpotInstanceRequests"
    case describeSpotPriceHistory = "DescribeSpotPriceHistory"
    case describeAvailabilityZones = "DescribeAvailabilityZones"
    case describeKeyPairs = "DescribeKeyPairs"
    case describeImages = "DescribeImages"
    case describeInstanceTypes = "DescribeInstanceTypes"
    case describeSecurityGroups = "DescribeSecurityGroups"
    case describeSubnets = "DescribeSubnets"
    case describeLaunchTemplateVersions = "DescribeLaunchTemplateVersions"
    case runInstances = "RunInstances"
    case requestSpotInstances = "RequestSpotInstances"
    case cancelSpotInstanceRequests = "CancelSpotInstanceRequests"
    case terminateInstances = "TerminateInstances"
    case createTags = "CreateTags"
    case importKeyPair = "ImportKeyPair"

    case assumeRole = "AssumeRole"
    case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
    case getCallerIdentity = "GetCallerIdentity"

    case getParameters = "GetParameters"

    case listServiceQuotas = "ListServiceQuotas"

    case receiveMessage = "ReceiveMessage"
    case deleteMessageBatch = "DeleteMessageBatch"

    package var service: QueryService {
        switch self {
        case .assumeRole, .assumeRoleWithWebIdentity, .getCallerIdentity: .sts
        case .receiveMessage, .deleteMessageBatch: .sqs
        case .getParameters: .ssm
        case .listServiceQuotas: .serviceQuotas
        default: .ec2
        }
    }

    /// The IAM permission for the action; nil for a request that needs none.
    package var permission: String? {
        switch self {
        case .assumeRoleWithWebIdentity, .getCallerIdentity: nil
        case .deleteMessageBatch: "sqs:DeleteMessage"
        default: service.name + ":" + rawValue
        }
    }
}

extension Action {
    /// The kind of an action, which determines the conditions of its permission.
    package enum Right {
        /// Reads. EC2 does not support resource-level permissions for it.
        case read
        /// Launches resources, which must have the deployment's tag.
        case launch
        /// Puts the deployment's tag on launched resources.
        case tag
        /// Terminates resources with the deployment's tag.
        case end
        case importKeyPair
        /// Reads the parameters that contain the ids of images.
        case readParameters
        /// Reads the quotas of the account, which is optional.
        case readQuotas
        /// Assumes a role that the credentials name.
        case assumeRole
        /// Receives and deletes interruption notices.
        case drainQueue
        /// Needs no permission: the request has no signature, or every principal may make it.
        case none
    }

    package var right: Right {
        switch self {
        case .describeInstances, .describeSpotInstanceRequests, .describeSpotPriceHistory,
            .describeAvailabilityZones, .describeKeyPairs, .describeImages, .describeInstanceTypes,
            .describeSecurityGroups, .describeSubnets, .describeLaunchTemplateVersions:
            .read
        case .runInstances, .requestSpotInstances: .launch
        case .createTags: .tag
        case .cancelSpotInstanceRequests, .terminateInstances: .end
        case .importKeyPair: .importKeyPair
        case .getParameters: .readParameters
        case .listServiceQuotas: .readQuotas
        case .assumeRole: .assumeRole
        case .assumeRoleWithWebIdentity, .getCallerIdentity: .none
        case .receiveMessage, .deleteMessageBatch: .drainQueue
        }
    }
}
