package import FoundationEssentials

/// The known quotas of the account, and the sizes of instance types.
package struct AccountQuotas: Hashable, Sendable {
    /// The last read of one region's quotas.
    package struct Reading: Hashable, Sendable {
        package let region: String
        package let readAt: Date
        /// When they are read again.
        package let nextRead: Date
        /// Why they could not be read; nil if they were.
        package let failure: String?

        package init(region: String, readAt: Date, nextRead: Date, failure: String?) {
            self.region = region
            self.readAt = readAt
            self.nextRead = nextRead
            self.failure = failure
        }
    }

    /// vCPUs.
    package var limits: [VCPUQuota.Subject: Int] = [:]
    /// vCPUs by instance type; nil for types that EC2 does not know.
    package var sizes: [String: Int?] = [:]
    /// By region.
    package var readings: [String: Reading] = [:]

    package init() {}

    package func quotas(in region: String) -> [VCPUQuota] {
        limits.filter { $0.key.region == region }.map { VCPUQuota($0.key, vCPUs: $0.value) }
    }

    /// Replaces what is known of a region. Quotas that could not be read no longer apply.
    package mutating func replace(_ region: RegionQuotas) {
        readings[region.reading.region] = region.reading
        limits = limits.filter { $0.key.region != region.reading.region }
        for quota in region.quotas { limits[quota.subject] = quota.vCPUs }
        for (type, size) in region.sizes where size != nil || sizes[type] == nil {
            sizes[type] = .some(size)
        }
    }
}

/// The quotas of one region as they were read.
package struct RegionQuotas: Hashable, Sendable {
    package let reading: AccountQuotas.Reading
    /// Empty where they could not be read.
    package let quotas: [VCPUQuota]
    /// vCPUs by instance type; nil for types that do not exist in the region.
    package let sizes: [String: Int?]

    package init(reading: AccountQuotas.Reading, quotas: [VCPUQuota], sizes: [String: Int?]) {
        self.reading = reading
        self.quotas = quotas
        self.sizes = sizes
    }
}
