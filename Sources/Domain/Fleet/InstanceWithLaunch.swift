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

    /// The market according to EC2; else according to its request or its launch.
    package var market: Market {
        instance.lifecycle ?? (instance.spotRequestId != nil ? .spot : launch?.market ?? .onDemand)
    }

    /// The spot price at the launch; nil for an instance that does not cost the spot price.
    package var spotPrice: Price? { market == .spot ? launch?.spotPrice : nil }

    /// Whether the instance counts as booting.
    ///
    /// - Parameter claimGrace: how long an instance counts as booting after its check-in. Seconds.
    package func isBooting(claimGrace: TimeInterval, now: Date) -> Bool {
        switch instance.state {
        case .pending: true
        case .running: launch?.isBooting(claimGrace: claimGrace, now: now) ?? false
        case .shuttingDown, .terminated, .stopping, .stopped: false
        }
    }
}
