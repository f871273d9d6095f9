import SoakTesting
import TestSupport
import TestTags
import Testing

@Suite("A soak", .tags(.slow))
struct SoakTests {
    @Test("Three hours with faults break no invariant, and healthy worker types get what the cloud gives")
    func threeHours() async throws {
        let folder = try TemporaryFolder()
        let report = try await Soak(minutes: 180, workerTypes: 20, seed: 1).run(in: folder.path)
        #expect(report.violations.isEmpty && report.largestGrowth <= SoakReport.growthBound, "\(report.text)")
        // The bound of 90 % is for days: in three hours, ten minutes without a scarce pool are 8 %.
        #expect(report.supplies.allSatisfy { $0.share >= 0.8 }, "\(report.text)")
        #expect(report.iterations == 180 && report.launches > 100 && report.refusals > 50)
        #expect(report.supplies.count > 10)
    }
}
