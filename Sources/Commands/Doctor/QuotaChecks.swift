import Domain
import EC2

/// Checks whether the quotas of the account can be read.
struct QuotaChecks: Sendable {
    /// Nil where the setting `readQuotas` switches it off.
    let client: QuotaClient?
    let regions: [String]

    /// A finding for each region; none without the client.
    func findings() async -> [Finding] {
        guard let client, !regions.isEmpty else { return [] }
        return await withTaskGroup(of: Finding?.self) { group in
            for region in regions { group.addTask { await finding(client, region) } }
            return await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
                .sorted { $0.subject < $1.subject }
        }
    }

    /// Nil for unusable credentials, which another check reports.
    private func finding(_ client: QuotaClient, _ region: String) async -> Finding? {
        let subject = "quotas \(region)"
        do {
            return .ok(subject, text(try await client.quotas(region: region)))
        } catch let failure as ServiceFailure where failure.kind == .credentials {
            return nil
        } catch {
            return .note(
                subject,
                "\(error): quotas are unknown, so that launches above them are tried and refused; the optional right is "
                    + "servicequotas:ListServiceQuotas, see doctor --iam-policy")
        }
    }

    private func text(_ quotas: [VCPUQuota]) -> String {
        if quotas.isEmpty { return "none of vCPUs" }
        return quotas.filter { $0.subject.quotaClass == .standard }.sorted { $0.subject < $1.subject }
            .map { "\($0.vCPUs) vCPUs of Standard \($0.subject.market.rawValue)" }.joined(separator: ", ")
            + "; \(quotas.count) quotas in all"
    }
}
