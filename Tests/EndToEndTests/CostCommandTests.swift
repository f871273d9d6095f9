import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Costs")
struct CostCommandTests {
    @Test("are shown by worker type, owner, pool and day, with on-demand prices from a file")
    func costs() async throws {
        let deployment = try await Deployment()
        #expect(try await deployment.run("costs").output.contains("no instance ran"))
        try await deployment.apply("alpha", .sample(minCapacity: 2))
        try await deployment.apply("beta", .sample(minCapacity: 1, canUseOndemand: true, canUseSpot: false))
        // The second iteration reads the launched instances.
        for _ in 0..<2 { _ = try await deployment.iterate() }

        func report(_ arguments: String...) async throws -> JSONObject {
            let ended = try await Command.run(
                Paths.provisioner, ["costs", "--json"] + arguments, environment: deployment.environment)
            #expect(ended.status == 0, "\(ended.errors)")
            return try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
        }
        let byType = try await report()
        #expect(byType.list("costs").map { $0.text("workerType") } == ["alpha", "beta"])
        #expect(byType.list("costs").first?.number("instanceCount") == 2)
        let total = try #require(byType["total"]?.objectValue)
        #expect(total["unpricedHours"]?.doubleValue ?? 0 > 0)

        let file = try deployment.folder.write(
            "region,instance_type,price_usd_per_hour\nus-east-1,c5.xlarge,3600\nus-east-1,m5.large,3600\n",
            to: "prices.csv")
        #expect(
            try await deployment.run("on-demand-prices", "import", file).output
                == "stored 2 prices of us-east-1\n")
        #expect(try await deployment.run("on-demand-prices", "list").output.contains("c5.xlarge"))
        let priced = try await report("--by", "worker-type,day", "--since", "1h")
        #expect(priced["total"]?.objectValue?["unpricedHours"]?.doubleValue == 0)
        // At a dollar a second, the on-demand instance costs more than the spot instances.
        #expect(priced.list("costs").first?.text("workerType") == "beta")

        let lines = try await deployment.run("costs", "--by", "owner,pool", "--csv").output
        #expect(
            lines.hasPrefix("owner,pool,instances,instance_hours,usd,unpriced_hours\ntester@example.com,"))
        #expect(try await deployment.run("status").output.contains("unknown price") == false)
        for refused in [["--since", "31d"], ["--by", "day,day"], ["--by", "colour"], ["--csv", "--json"]] {
            let ended = try await Command.run(
                Paths.provisioner, ["costs"] + refused, environment: deployment.environment)
            #expect(ended.status == 64, "\(refused)")
        }
    }
}
