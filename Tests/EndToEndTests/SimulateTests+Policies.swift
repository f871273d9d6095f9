import Domain
import Formats
import Foundation
import TestSupport
import Testing

/// The parameters of policies and of the replay.
extension SimulateTests {
    @Test(
        "A claim grace longer than the claim delay saves the instances that were bought for the same tasks twice"
    )
    func claimGrace() async throws {
        func launches(grace: String) async throws -> Int {
            let ended = try await simulate(
                Self.quick + ["--seed", "5", "--claim-delay", "90s", "--claim-grace", grace, "--json"])
            #expect(ended.status == 0, "\(ended.errors)")
            let document = try JSONValue(parsing: Data(ended.output.utf8)).objectValue
            let policy = try #require(
                document?["policies"]?.arrayValue?.first?.objectValue, "\(ended.output)")
            return try #require(policy.number("launches"))
        }
        #expect(try await launches(grace: "2m") < launches(grace: "0.001s"))
        #expect(try await simulate(["simulate", "--claim-delay", "2d"]).status == 64)
    }

    @Test("An idle exponent applies to all policies or one, and is 0.2 by default")
    func idleExponent() async throws {
        let folder = try TemporaryFolder()
        let prices = try folder.write(
            """
            region,availability_zone,instance_type,product,timestamp,price_usd
            us-east-1,us-east-1a,c5.large,Linux/UNIX,2021-03-02T00:00:00Z,0.1
            us-east-1,us-east-1a,c5.8xlarge,Linux/UNIX,2021-03-02T00:00:00Z,1.5

            """, to: "prices.csv")
        let load = try folder.write(
            "arrival_s,duration_s\n" + String(repeating: "10,600\n", count: 16), to: "builds.csv")
        let options = [
            "simulate", "--mixed", "--prices", prices, "--load", load, "--max-pool-share", "1", "--json",
        ]
        func costs(_ arguments: String...) async throws -> [String: Double] {
            let ended = try await simulate(options + arguments)
            #expect(ended.status == 0, "\(ended.errors)")
            let object = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
            return object.list("policies").reduce(into: [:]) {
                $0[$1.text("policy") ?? ""] = $1["costUsd"]?.doubleValue
            }
        }
        let all = try await costs(
            "--compare", "--policy", "least-cost+idle=0", "least-cost+idle=0.2", "least-cost")
        #expect(all.count == Strategy.allCases.count + 2)
        #expect(all["least-cost"] == all["least-cost+idle=0.2"])
        #expect(all["least-cost"] != all["least-cost+idle=0"])
        let without = try await costs("--compare", "--idle-exponent", "0")
        #expect(Set(without.keys) == Set(Strategy.allCases.map(\.rawValue)))
        #expect(without["least-cost"] == all["least-cost+idle=0"])
        #expect(without["random-zone"] == all["random-zone"])
    }

    @Test("Anticipation applies to all policies or one, shortens waiting times, and is off by default")
    func anticipation() async throws {
        func policies(_ arguments: String...) async throws -> [String: JSONObject] {
            let ended = try await simulate(
                ["simulate", "--generate", "bursts", "--hours", "12", "--json"] + arguments)
            #expect(ended.status == 0, "\(ended.errors)")
            let object = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
            return object.list("policies").reduce(into: [:]) { $0[$1.text("policy") ?? ""] = $1 }
        }
        let names = ["least-cost", "least-cost+anticipation=0", "least-cost+idle=0.1+anticipation=100"]
        let all = try await policies("--policy", names.joined(separator: ","))
        let (plain, without, with) = (all[names[0]], all[names[1]], all[names[2]])
        #expect(plain?["costUsd"] == without?["costUsd"] && plain?["waitSeconds"] == without?["waitSeconds"])
        let (cost, costWith) = (plain?["costUsd"]?.doubleValue, with?["costUsd"]?.doubleValue)
        #expect(try #require(costWith) > #require(cost))
        let wait = { (policy: JSONObject?) in
            policy?["waitSeconds"]?.objectValue?["percentile95"]?.doubleValue
        }
        #expect(try #require(wait(with)) < #require(wait(plain)))
        let option = try await policies("--anticipation", "100", "--idle-exponent", "0.1")
        #expect(option["least-cost"]?["costUsd"] == with?["costUsd"])
    }

    @Test("Holds of interrupted pools can be disabled, which changes the lost work")
    func interruptionHolds() async throws {
        func lost(_ arguments: String...) async throws -> Double {
            let ended = try await simulate(Self.quick + ["--interruption-rate", "1", "--json"] + arguments)
            #expect(ended.status == 0, "\(ended.errors)")
            let object = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
            return try #require(object.list("policies").first?["lostTaskHours"]?.doubleValue)
        }
        let held = try await lost()
        let open = try await lost("--no-interruption-holds")
        #expect(held > 0 && open > 0 && held != open)
        #expect(try await lost("--interruption-holds") == held)
    }

    @Test("--claimed-counts makes the claim grace needless")
    func claimedCounts() async throws {
        func cost(_ arguments: String...) async throws -> Double? {
            let ended = try await simulate(["simulate", "--hours", "12", "--json"] + arguments)
            let object = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
            return object.list("policies").first?["costUsd"]?.doubleValue
        }
        let known = try await cost("--claimed-counts", "--claim-grace", "120s")
        #expect(known != nil)
        #expect(try await cost("--claimed-counts", "--claim-grace", "1s") == known)
        #expect(try await cost("--claim-grace", "120s") != known)
    }
}
