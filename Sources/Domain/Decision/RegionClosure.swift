/// The failed call that excludes a managed region from one iteration.
package struct RegionClosure: Hashable, Sendable {
    /// `region`, `prices` or `keyPair`, with the name of the region.
    package let subject: CallSubject
    package let failure: ServiceFailure

    /// The kinds of calls that a region needs, the most telling failure first.
    private static let kinds: [CallSubject.Kind] = [.region, .keyPair, .prices]

    /// - Parameter failures: of one iteration; only the kinds of calls that a region needs count.
    /// - Returns: the closed regions by name.
    package static func closures(
        _ failures: some Sequence<(subject: CallSubject, failure: ServiceFailure)>
    ) -> [String: RegionClosure] {
        var closures: [String: RegionClosure] = [:]
        for (subject, failure) in failures {
            guard let rank = kinds.firstIndex(of: subject.kind) else { continue }
            let earlier = closures[subject.name].flatMap { kinds.firstIndex(of: $0.subject.kind) }
            if rank < earlier ?? kinds.count {
                closures[subject.name] = RegionClosure(subject: subject, failure: failure)
            }
        }
        return closures
    }

    package init(subject: CallSubject, failure: ServiceFailure) {
        self.subject = subject
        self.failure = failure
    }

    /// The closure as a worker type shows it.
    package var problem: Problem {
        let reason =
            switch subject.kind {
            case .keyPair: "the key pair of \(subject.name) cannot be used"
            case .prices: "the spot prices of \(subject.name) could not be read"
            default: "the region \(subject.name) could not be read"
            }
        return Problem(.warning, "\(reason), so that nothing launches there: \(failure)")
    }
}

extension WorkerTypeDecision.MarketView {
    /// The closures of the regions of a worker type, in the order of its definition.
    func closures(of workerType: WorkerType) -> [RegionClosure] {
        workerType.definition.regions.compactMap { closedRegions[$0.region] }
    }
}
