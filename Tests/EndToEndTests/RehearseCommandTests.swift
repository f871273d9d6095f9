import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("A rehearsal")
struct RehearseCommandTests {
    /// The differences that a rehearsal shows, by figure.
    private func rehearse(_ deployment: Deployment, _ arguments: String...) async throws -> [String: [Int?]] {
        let ended = try await Command.run(
            Paths.provisioner, ["rehearse"] + arguments + ["--json"], environment: deployment.environment)
        #expect(ended.status == 0, "\(ended.errors)")
        let document = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
        return document.list("differences").reduce(into: [:]) {
            #expect($1.text("workerType") == "alpha")
            $0[$1.text("figure") ?? ""] = [$1.number("actual"), $1.number("rehearsed")]
        }
    }

    @Test("of an interruption and of a refusal shows what the next decision would be, and changes nothing")
    func rehearsals() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 2))
        // The second iteration reads the launched instances.
        for _ in 0..<2 { _ = try await deployment.iterate() }
        let before = try await deployment.run("instances", "--json").output
        let instances = try JSONValue(parsing: Data(before.utf8)).objectValue?.list("instances") ?? []
        let id = try #require(instances.first?.text("instanceId"))

        let interruption = try await rehearse(deployment, "interruption", id)
        #expect(interruption["booting"] == [2, 1])
        #expect(interruption["change"] == [0, 1])
        let launches = interruption.filter { $0.key.hasPrefix("launches in ") }
        #expect(launches.values.map { $0 } == [[0, 1]])

        try await deployment.setPending(["alpha": 3])
        let plan = try await deployment.run("iterate", "--dry-run", "--json").output
        let bid = try #require(try JSONValue(parsing: Data(plan.utf8)).objectValue?.list("bids").first)
        let pool = "\(bid.text("zone") ?? "") \(bid.text("instanceType") ?? "")"
        let refusal = try await rehearse(
            deployment, "refusal", "InsufficientInstanceCapacity", "--pool", pool)
        #expect(refusal["change"] == nil, "the same capacity is missing")
        #expect(refusal["launches in \(pool)"]?.last == 0)
        #expect((refusal["refusals in \(pool): InsufficientInstanceCapacity"]?.last ?? 0) ?? 0 > 0)
        let elsewhere = refusal.filter { $0.key.hasPrefix("launches in ") && !$0.key.hasSuffix(pool) }
        #expect(elsewhere.values.contains { ($0.last ?? 0) ?? 0 > ($0.first ?? 0) ?? 0 })

        let mistyped = try await deployment.run(
            "rehearse", "refusal", "InsuficientInstanceCapacity", "--pool", pool)
        #expect(mistyped.status == 0)
        #expect(mistyped.errors.contains("Did you mean InsufficientInstanceCapacity?"), "\(mistyped.errors)")

        #expect(try await deployment.run("hold", "list", "--json").output.contains("\"holds\" : []"))
        let after = try await deployment.run("instances", "--json").output
        #expect(
            try JSONValue(parsing: Data(after.utf8)).objectValue?.list("instances").map { $0.text("state") }
                == instances.map { $0.text("state") })
        #expect(try await deployment.count("alpha") == 2)
        #expect(
            try await deployment.run("rehearse", "refusal", "InvalidAMIID.NotFound", "--pool", "nowhere")
                .status == 66)
        #expect(try await deployment.run("rehearse", "interruption", "i-0").status == 66)
    }
}
