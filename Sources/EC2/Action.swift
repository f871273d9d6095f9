/// The EC2 actions that are used: the only place where their names stand.
enum Action: String, CaseIterable {
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
}
