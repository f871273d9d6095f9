/// Service Quotas, and the sizes of instance types, which count against quotas.
package protocol QuotaService: Sendable {
    /// Reads the quotas of vCPUs that apply to the account in a region. Throws a `ServiceFailure`.
    func quotas(region: String) async throws -> [VCPUQuota]

    /// Reads the vCPUs of instance types. Types that do not exist in the region are left out. Throws a `ServiceFailure`.
    func vCPUs(ofInstanceTypes names: [String], region: String) async throws -> [String: Int]
}
