import Domain
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Provisioning

/// Service Quotas and sizes of instance types, with a failure on demand.
private final class TestQuotas: QuotaService {
    let calls = Mutex<[String]>([])
    let failure = Mutex<ServiceFailure?>(nil)

    func quotas(region: String) throws -> [VCPUQuota] {
        calls.withLock { $0.append("quotas \(region)") }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return [VCPUQuota(VCPUQuota.Subject(.spot, region, .standard), vCPUs: 64)]
    }

    func vCPUs(ofInstanceTypes names: [String], region: String) throws -> [String: Int] {
        calls.withLock { $0.append("sizes \(names.joined(separator: " "))") }
        return ["c5.xlarge": 4, "m5.xlarge": 4].filter { names.contains($0.key) }
    }
}

@Suite("The reading of quotas")
struct QuotaReaderTests {
    private let service = TestQuotas()
    private static let region = "us-east-1"

    /// Reads what must be read at a time in hours after the start, and returns the calls.
    private func read(_ known: inout AccountQuotas, _ types: Set<String>, at hour: Double) async -> [String] {
        let reader = QuotaReader(service: service, known: known, now: .start.plus(minutes: 60 * hour))
        guard reader.mustRead(types, in: Self.region) else { return [] }
        known.replace(await reader.read(types, in: Self.region))
        return service.calls.withLock { calls in
            defer { calls = [] }
            return calls
        }
    }

    @Test("happens once a day, and sooner only for the sizes of new instance types")
    func daily() async {
        var known = AccountQuotas()
        #expect(
            await read(&known, ["c5.xlarge", "none.large"], at: 0) == [
                "quotas us-east-1", "sizes c5.xlarge none.large",
            ])
        #expect(known.sizes == ["c5.xlarge": 4, "none.large": Int?.none])
        #expect(await read(&known, ["c5.xlarge", "none.large"], at: 23).isEmpty)
        #expect(await read(&known, ["c5.xlarge", "m5.xlarge"], at: 23) == ["sizes m5.xlarge"])
        #expect(known.limits.values.map(\.self) == [64])
        #expect(await read(&known, ["c5.xlarge"], at: 24.5) == ["quotas us-east-1", "sizes c5.xlarge"])
    }

    @Test(
        "is repeated after a day without the right or a response",
        arguments: [ServiceFailure.Kind.unreachable, .throttled, .unauthorized])
    func failures(kind: ServiceFailure.Kind) async {
        var known = AccountQuotas()
        _ = await read(&known, ["c5.xlarge"], at: 0)
        service.failure.withLock { $0 = ServiceFailure(kind: kind, code: "code", message: "m") }
        #expect(await read(&known, ["c5.xlarge"], at: 24) == ["quotas us-east-1"])
        #expect(known.limits.isEmpty, "an old quota no longer applies")
        #expect(known.readings[Self.region]?.failure?.contains("code") == true)
        #expect(await read(&known, ["c5.xlarge", "m5.xlarge"], at: 47).isEmpty)
        #expect(await read(&known, ["c5.xlarge"], at: 48) == ["quotas us-east-1"])
    }
}
