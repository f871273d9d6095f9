/// A call to an action of a service, as pacing and statistics distinguish it.
package struct OutgoingCall: Hashable, Sendable {
    /// `ec2`, `sts`, `sqs`, `queue`.
    package let service: String
    package let action: String
    /// Empty for services without regions.
    package let region: String

    package init(service: String, action: String, region: String = "") {
        self.service = service
        self.action = action
        self.region = region
    }

    var serviceRegion: TransportStatistics.ServiceRegion {
        TransportStatistics.ServiceRegion(service: service, region: region)
    }
}
