import FoundationEssentials

/// The consequence of a kind of refusal: the subject that is held, for how long, and the evidence that widens it.
package struct HoldRule: Sendable {
    /// A property of a subject that a second refusal can show to be irrelevant.
    enum Widening: Sendable {
        /// The same code for a second worker type concerns all worker types.
        case workerTypes
        /// The same code in a second region concerns all regions.
        case regions
    }

    private let subject: @Sendable (LaunchTarget) -> HoldSubject
    /// The length of the first hold.
    let duration: any KeyPath<ProvisioningRules, TimeInterval> & Sendable
    /// Whether each failure in a row doubles the length.
    let grows: Bool
    let widening: Widening?

    init(
        _ duration: any KeyPath<ProvisioningRules, TimeInterval> & Sendable, grows: Bool = true,
        widening: Widening? = nil, _ subject: @escaping @Sendable (LaunchTarget) -> HoldSubject
    ) {
        self.subject = subject
        self.duration = duration
        self.grows = grows
        self.widening = widening
    }

    /// The subject that a refusal of a launch concerns.
    func subject(of target: LaunchTarget, after failure: ServiceFailure) -> HoldSubject {
        var subject = subject(target)
        if failure.kind == .unsuitableType, EC2Codes.isUnknownType(failure) {
            subject.region = target.pool.region
        }
        return subject
    }

    /// The rules by kind of refusal; nil for a failure that holds nothing.
    ///
    /// The subject is the smallest that the code and the message can mean. Only refusals that can concern more widen:
    /// another region or worker type has other images, roles and subnets.
    package static func rule(for kind: ServiceFailure.Kind) -> HoldRule? {
        switch kind {
        case .noCapacity: HoldRule(\.poolHold) { .pool($0.pool, $0.market) }
        case .priceTooLow, .other:
            HoldRule(\.poolHold, widening: kind == .other ? .workerTypes : nil) { target in
                var subject = HoldSubject.pool(target.pool, target.market)
                subject.workerType = target.workerType
                return subject
            }
        case .noZoneCapacity:
            HoldRule(\.poolHold, widening: .workerTypes) {
                HoldSubject(
                    workerType: $0.workerType, region: $0.pool.region, zone: $0.pool.availabilityZone)
            }
        case .subnetFull: HoldRule(\.poolHold) { HoldSubject(region: $0.pool.region, subnet: $0.subnet) }
        case .spotLimit, .onDemandLimit:
            HoldRule(\.shortHold, grows: false) { .quota($0.quotaClass, $0.market, region: $0.pool.region) }
        case .regionLimit:
            HoldRule(\.shortHold, grows: false, widening: .workerTypes) {
                .workerType($0.workerType, region: $0.pool.region)
            }
        case .unsuitableType:
            HoldRule(\.refusalHold) {
                HoldSubject(workerType: $0.workerType, instanceType: $0.pool.instanceType)
            }
        case .unusableZone:
            HoldRule(\.refusalHold) {
                HoldSubject(
                    workerType: $0.workerType, region: $0.pool.region, zone: $0.pool.availabilityZone)
            }
        case .missingResource, .unauthorized:
            HoldRule(\.refusalHold) { .workerType($0.workerType, region: $0.pool.region) }
        case .definition:
            HoldRule(\.refusalHold, widening: .regions) {
                .workerType($0.workerType, region: $0.pool.region)
            }
        case .newProfile: HoldRule(\.newProfileHold) { .workerType($0.workerType, region: $0.pool.region) }
        case .noSpotRole: HoldRule(\.shortHold, grows: false) { _ in HoldSubject(market: .spot) }
        case .unresponsive: HoldRule(\.shortHold, grows: false) { .region($0.pool.region) }
        case .interrupted: HoldRule(\.shortHold) { .pool($0.pool, .spot) }
        case .throttled, .notFound, .tokenUsed, .alreadyEnded, .unreachable, .credentials: nil
        }
    }
}

extension HoldSubject {
    /// The subject without the property that a second refusal shows to be irrelevant; nil where it has none.
    func widened(_ widening: HoldRule.Widening) -> HoldSubject? {
        var wider = self
        switch widening {
        case .workerTypes:
            if workerType == nil { return nil }
            wider.workerType = nil
        case .regions:
            if region == nil || workerType == nil { return nil }
            wider.region = nil
        }
        return wider
    }
}
