package import FoundationEssentials

/// An instance that EC2 shows, with its launch.
package struct InstanceWithLaunch: Sendable {
    package let instance: Instance
    package let workerType: String
    /// Nil when the launch is unknown.
    package let launch: Launch?

    package init(instance: Instance, workerType: String, launch: Launch?) {
        self.instance = instance
        self.workerType = workerType
        self.launch = launch
    }

    package var market: Market { instance.spotRequestId != nil ? .spot : launch?.market ?? .onDemand }

    /// Whether the instance starts, or its worker has not checked in.
    package func isBooting(now: Date) -> Bool {
        switch instance.state {
        case .pending: true
        case .running: launch?.awaitsCheckIn(now: now) ?? false
        case .shuttingDown, .terminated, .stopping, .stopped: false
        }
    }
}
