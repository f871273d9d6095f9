import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Limits over all worker types in a deployment")
struct TotalLimitTests {
    @Test("stop launches, end no instance, and are shown everywhere")
    func capacity() async throws {
        var deployment = try await Deployment()
        deployment.environment["AWS_PROVISIONER_MAX_TOTAL_CAPACITY"] = "6"
        try await deployment.apply("alpha", .sample())
        try await deployment.apply("beta", .sample(minCapacity: 2))
        try await deployment.setPending(["alpha": 20])
        let iteration = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 4)
        #expect(try await deployment.count("beta") == 2)
        let limits = iteration.list("limits")
        #expect(limits.map { $0.text("setting") } == ["maxTotalCapacity"])
        #expect(limits.map { $0.number("used") } == [6])
        #expect(iteration.texts("warnings").contains("maxTotalCapacity is reached: no further launches"))

        // At the limit nothing is launched, and nothing ends.
        let full = try await deployment.iterate()
        #expect(full["iteration"]?.objectValue?.text("outcome") == "degraded")
        #expect(try await deployment.count("alpha") == 4)
        let status = try await deployment.run("status")
        #expect(status.output.contains("maxTotalCapacity: 6 of 6 (100 %)"), "\(status.output)")
        let explained = try await deployment.run("explain", "alpha")
        #expect(explained.output.contains("the limits over all worker types leave capacity 0 for it"))
        #expect(explained.output.contains("maxTotalCapacity leaves capacity 0 of the wanted 16 for it"))
        for (path, text) in [
            ("/", "maxTotalCapacity: 6 of 6 (100 %)"),
            ("/metrics", "aws_provisioner_limit_use{limit=\"maxTotalCapacity\"} 6\n"),
            ("/metrics", "aws_provisioner_limit{limit=\"maxTotalCapacity\"} 6\n"),
        ] {
            #expect(try await deployment.page(path).output.contains(text), "\(path)")
        }

        // A higher limit takes effect at once; a lower one than what runs ends nothing.
        deployment.environment["AWS_PROVISIONER_MAX_TOTAL_CAPACITY"] = "9"
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 7)
        deployment.environment["AWS_PROVISIONER_MAX_TOTAL_CAPACITY"] = "3"
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 7)
        let doctor = try await deployment.run("doctor")
        #expect(doctor.output.contains("maxTotalCapacity 3"), "\(doctor.output)")
        deployment.environment["AWS_PROVISIONER_MAX_TOTAL_CAPACITY"] = "1"
        #expect(
            try await deployment.run("doctor").output.contains("the minCapacity of all worker types is 2"))
    }

    @Test("of spend stop launches at the prices in force, and on-demand instances need a known price")
    func spend() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(canUseOndemand: true, canUseSpot: false))
        try await deployment.setPending(["alpha": 20])
        deployment.environment["AWS_PROVISIONER_MAX_HOURLY_SPEND"] = "1"
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 0)
        let advice = "store it with on-demand-prices import"
        #expect(try await deployment.run("explain", "alpha").output.contains(advice))
        #expect(try await deployment.run("doctor").output.contains("whose price is unknown"))
        let prices = try deployment.folder.write(
            "region,instance_type,price_usd_per_hour\nus-east-1,c5.xlarge,0.17\n", to: "prices.csv")
        #expect(try await deployment.run("on-demand-prices", "import", prices).status == 0)
        deployment.environment["AWS_PROVISIONER_MAX_DAILY_SPEND"] = "1000"
        let iteration = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 5)
        #expect(iteration.list("limits").map { $0.text("setting") } == ["maxHourlySpend", "maxDailySpend"])
        #expect(try await deployment.run("status").output.contains("maxHourlySpend: 0.85 of 1.00 USD (85 %)"))
    }

    @Test("that are no valid limits are refused", arguments: ["0", "-1", "many", "1.5", "1e99"])
    func mistakes(value: String) async throws {
        var deployment = try await Deployment()
        deployment.environment["AWS_PROVISIONER_MAX_TOTAL_CAPACITY"] = value
        let refused = try await deployment.run("status")
        #expect(refused.status == 78)
        #expect(refused.errors.contains("AWS_PROVISIONER_MAX_TOTAL_CAPACITY (\"maxTotalCapacity\") must be"))
    }
}
