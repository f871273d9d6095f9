import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("aws-provisioner as a process")
struct ProcessTests {
    @Test(
        "A concurrent iteration exits with 75 and names the process of the first; SIGTERM ends the first")
    func twoAtOnce() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        try await deployment.queue.control("{\"fault\": {\"alpha\": \"hang\"}}")
        let first = try deployment.start("iterate")
        let lock = deployment.folder.file("provisioner.sqlite.lock")
        let isHeld = await eventually {
            (FileManager.default.contents(atPath: lock)?.isEmpty ?? true) == false
        }
        #expect(isHeld)
        let second = try await deployment.run("iterate")
        #expect(second.status == 75)
        #expect(second.errors.contains("another iteration is under way: process "))
        #expect(!second.errors.dropLast().contains("\n"), "one line")
        first.signal(SIGTERM)
        let ended = try await first.end()
        #expect(!ended.wasKilled)
        #expect(ended.status == 69)
        #expect(try await deployment.count("alpha") == 0)
        let status = try await deployment.run("status", "--json").output
        let iteration = try JSONValue(parsing: Data(status.utf8)).objectValue?.list("iterations").first
        #expect(iteration?.text("finishedAt") != nil, "how far it came is on record")
    }

    @Test("A killed iteration releases its lock")
    func killed() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        try await deployment.queue.control("{\"fault\": {\"alpha\": \"hang\"}}")
        let first = try deployment.start("iterate")
        let lock = deployment.folder.file("provisioner.sqlite.lock")
        _ = await eventually { (FileManager.default.contents(atPath: lock)?.isEmpty ?? true) == false }
        first.signal(SIGKILL)
        #expect(try await first.end().wasKilled)
        try await deployment.setPending(["alpha": 1])
        #expect(try await deployment.iterate().list("bids").count == 1)
    }

    @Test("Errors are one line on standard error, with the exit codes of sysexits")
    func exitCodes() async throws {
        var deployment = try await Deployment()
        let wrong = try await deployment.run("iterate", "--colour")
        #expect(wrong.status == 64)
        let broken = try deployment.folder.write(
            #"{"maxCapacity": -1, "instanceTypes": [{"utility": "x"}]}"#, to: "broken.json")
        let invalid = try await deployment.run("worker-type", "validate", broken)
        #expect(invalid.status == 65)
        #expect(invalid.errors.contains("broken.json: instanceTypes[0].utility: must be a number"))
        #expect(invalid.errors.contains("broken.json: maxCapacity: "))
        #expect(try await deployment.run("worker-type", "apply", "/nowhere/x.json").status == 66)
        #expect(try await deployment.run("worker-type", "show", "unknown").status == 66)
        #expect(try await deployment.run("explain", "unknown").status == 66)
        deployment.environment["AWS_PROVISIONER_MAX_BID"] = "lots"
        let misconfigured = try await deployment.run("iterate")
        #expect(misconfigured.status == 78)
        #expect(misconfigured.errors.contains("AWS_PROVISIONER_MAX_BID"))
        deployment.environment["AWS_PROVISIONER_MAX_BID"] = nil
        deployment.environment["AWS_PROVISIONER_DATABASE"] = "/nowhere/p.sqlite"
        #expect(try await deployment.run("status").status == 66)
        #expect(try await deployment.run("init").status == 73)
    }

    @Test("init can be repeated, and creates no new key for an existing database")
    func initialization() async throws {
        let deployment = try await Deployment()
        let again = try await deployment.run("init")
        #expect(again.status == 0)
        #expect(!again.output.contains("made"))
        try FileManager.default.removeItem(atPath: deployment.folder.file("provisioner.sqlite.key"))
        #expect(try await deployment.run("init").status == 78)
    }

    @Test("Worker types are stored together or not at all, listed, shown without secrets, and removed")
    func workerTypes() async throws {
        let deployment = try await Deployment()
        let definition = WorkerTypeDefinition.sample(secrets: ["s": "planted-worker-secret"])
        let good = try deployment.folder.write(
            String(decoding: try definition.json.serialized(), as: UTF8.self), to: "good.json")
        let bad = try deployment.folder.write("{}", to: "bad.json")
        #expect(try await deployment.run("worker-type", "apply", good, bad).status == 65)
        #expect(try await deployment.workerTypes().isEmpty)
        #expect(try await deployment.run("worker-type", "apply", good).output == "good created\n")
        #expect(try await deployment.run("worker-type", "apply", good).output == "good unchanged\n")
        let shown = try await deployment.run("worker-type", "show", "good")
        #expect(!shown.output.contains("planted"))
        let whole = try await deployment.run("worker-type", "show", "good", "--with-secrets").output
        #expect(whole.contains("planted-worker-secret"))
        let copy = try deployment.folder.write(whole, to: "copy.json")
        #expect(try await deployment.run("worker-type", "apply", copy).output == "good unchanged\n")
        #expect(try await deployment.run("worker-type", "remove", "good").output == "good removed\n")
        #expect(try await deployment.run("worker-type", "remove", "good").status == 66)
    }

    @Test("demo needs no configuration, shows iterations, leaves no files, and depends only on the seed")
    func demo() async throws {
        let folder = try TemporaryFolder()
        func demo(_ seed: String) async throws -> String {
            let ended = try await Command.run(
                Paths.provisioner, ["demo", "--minutes", "15", "--seed", seed],
                environment: ["TMPDIR": folder.path])
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(ended.errors.isEmpty)
            return ended.output
        }
        let first = try await demo("1")
        #expect(first.contains("minute 15: "))
        #expect(first.contains("bought"))
        #expect(first.contains("instances launched"))
        #expect(first.contains("EC2 interrupted 1 x"))
        #expect(first.contains("\nNext steps. ") && first.contains("\n  aws-provisioner demo --database"))
        #expect(!first.contains("\u{1b}"), "plain lines where there is no terminal")
        #expect(try await demo("1") == first)
        #expect(try await demo("2") != first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("The heartbeat URL is requested after a successful iteration")
    func heartbeat() async throws {
        var deployment = try await Deployment()
        let monitor = try Server("ec2_server.py")
        deployment.environment["AWS_PROVISIONER_HEARTBEAT_URL"] = monitor.url + "/missing"
        let well = try await deployment.run("iterate")
        #expect(well.status == 0)
        #expect(
            well.errors.contains("the URL of the setting heartbeatUrl"),
            "a failed heartbeat is logged, and is no failure")
    }

    @Test("The URL for degraded iterations is requested after these only, and the heartbeat URL after all")
    func degraded() async throws {
        var deployment = try await Deployment()
        let monitor = try Server("ec2_server.py")
        deployment.environment["AWS_PROVISIONER_HEARTBEAT_URL"] = monitor.url + "/missing"
        deployment.environment["AWS_PROVISIONER_DEGRADED_URL"] = monitor.url + "/missing"
        func requested() async throws -> [String] {
            let run = try await deployment.run("iterate")
            #expect(run.status == 0)
            return ["heartbeatUrl", "degradedUrl"].filter {
                run.errors.contains("the URL of the setting \($0)")
            }
        }
        try await deployment.apply("alpha", .sample(regions: ["us-east-1"]))
        #expect(try await requested() == ["heartbeatUrl"])
        try await deployment.setPending(["alpha": 2])
        try await deployment.ec2.control(
            #"{"fault": {"us-east-1": {"kind": "code:InvalidAMIID.NotFound", "action": "RunInstances"}}}"#)
        #expect(try await requested() == ["heartbeatUrl", "degradedUrl"])
    }
}
