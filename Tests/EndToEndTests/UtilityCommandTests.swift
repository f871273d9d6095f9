import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("aws-provisioner utility suggest")
struct UtilityCommandTests {
    private static let scores = "instance_type,score\nc5.xlarge,20\nm5a.xlarge,13.6\nm8a.xlarge,39.2\n"

    private func deployment() async throws -> Deployment {
        let deployment = try await Deployment()
        try await deployment.apply(
            "alpha",
            .sample(
                types: [
                    ("c5.xlarge", 1, 1), ("m5a.xlarge", 1, 1), ("m8a.xlarge", 1, 1), ("t3.xlarge", 1, 3),
                ]))
        return deployment
    }

    @Test("prints the difference that follows from a table, and changes nothing")
    func table() async throws {
        let deployment = try await deployment()
        let before = try await deployment.run("worker-type", "show", "alpha").output
        let table = try deployment.folder.write(Self.scores, to: "scores.csv")
        let suggested = try await deployment.run("utility", "suggest", "alpha", "--table", table)
        #expect(suggested.status == 0, "\(suggested.errors)")
        #expect(suggested.output.contains("a spot price is multiplied by utility"))
        #expect(suggested.output.contains(/m5a\.xlarge +13\.600 +1 +1\.47/))
        #expect(suggested.output.contains(/c5\.xlarge +20\.000 +1 +1 +reference/))
        #expect(
            suggested.output.contains(
                /t3\.xlarge +- +3 +- +no line in .*scores\.csv; burstable: sustains 40 %/))
        let difference = #/- [^\n]*m5a\.xlarge[^\n]*utility: 1\n\+ [^\n]*m5a\.xlarge[^\n]*utility: 1\.47\n/#
        #expect(suggested.output.contains(difference), "\(suggested.output)")
        #expect(try await deployment.run("worker-type", "show", "alpha").output == before)

        let json = try await deployment.run(
            "utility", "suggest", "alpha", "--table", table, "--reference", "m8a.xlarge", "--json")
        let document = try JSONValue(parsing: Data(json.output.utf8)).objectValue ?? [:]
        #expect(document["reference"] == "m8a.xlarge")
        #expect(document.list("instanceTypes").map { $0["suggestedFactor"] } == [1.96, 2.88, 1, .null])
        #expect(document.list("instanceTypes").map { $0["burstable"] } == [false, false, false, true])
        #expect(document.list("differences").count == 2)
    }

    @Test("uses the inverse where the price is divided by utility")
    func division() async throws {
        var deployment = try await deployment()
        deployment.environment["AWS_PROVISIONER_UTILITY"] = "divide"
        let table = try deployment.folder.write(Self.scores, to: "scores.csv")
        let suggested = try await deployment.run("utility", "suggest", "alpha", "--table", table)
        #expect(suggested.output.contains("a spot price is divided by utility"))
        #expect(suggested.output.contains(/m5a\.xlarge +13\.600 +1 +0\.68/))
    }

    @Test("says that the record is not enough, with the counts")
    func record() async throws {
        let deployment = try await deployment()
        let suggested = try await deployment.run("utility", "suggest", "alpha")
        #expect(suggested.status == 0, "\(suggested.errors)")
        #expect(
            suggested.output.contains(
                "not enough record: 0 of 20 ended instances, 0.0 of 20 paid hours"))
        #expect(suggested.output.contains("no suggestion: at least two instance types need a score"))
    }

    @Test(
        "refuses an invalid table, an unknown worker type and an unusable reference, with the place and the remedy"
    )
    func errors() async throws {
        let deployment = try await deployment()
        func failure(_ arguments: String...) async throws -> (Int32, String) {
            let ended = try await Command.run(
                Paths.provisioner, ["utility", "suggest"] + arguments, environment: deployment.environment)
            #expect(ended.output.isEmpty)
            #expect(ended.errors.split(separator: "\n").count == 1)
            return (ended.status, ended.errors)
        }
        let table = try deployment.folder.write(Self.scores + "c5.large,fast\n", to: "bad.csv")
        let invalid = try await failure("alpha", "--table", table)
        #expect(invalid.0 == 65)
        #expect(invalid.1.contains("bad.csv:5: score must be a number from"), "\(invalid.1)")
        let missing = try await failure("alpha", "--table", deployment.folder.file("none.csv"))
        #expect(missing.0 == 66)
        let unknown = try await failure("alpa")
        #expect(unknown.0 == 66)
        #expect(unknown.1.contains("there is no worker type alpa. Did you mean alpha?"))
        let other = try await failure("alpha", "--reference", "c5.xlarg")
        #expect(other.0 == 64)
        #expect(other.1.contains("has no instance type c5.xlarg. Did you mean c5.xlarge?"), "\(other.1)")
        let unscored = try await failure("alpha", "--reference", "c5.xlarge")
        #expect(unscored.0 == 65)
        #expect(unscored.1.contains("c5.xlarge has no score: not enough record"), "\(unscored.1)")
    }
}
