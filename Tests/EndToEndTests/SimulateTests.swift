import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("aws-provisioner simulate")
struct SimulateTests {
    static let quick = ["simulate", "--hours", "3", "--tasks-per-hour", "40"]

    func simulate(_ arguments: [String], input: String = "", in environment: [String: String] = [:])
        async throws -> Command
    {
        try await Command.run(Paths.provisioner, arguments, environment: environment, input: input)
    }

    @Test("A seed determines the output and the page, byte for byte")
    func determinism() async throws {
        let folder = try TemporaryFolder()
        func report(_ seed: String, _ name: String) async throws -> String {
            let ended = try await simulate(
                Self.quick + [
                    "--seed", seed, "--json", "--compare", "--interruption-rate", "0.2", "--count", "3",
                    "--html", folder.file(name),
                ])
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(ended.errors.isEmpty)
            return try ended.output + String(contentsOfFile: folder.file(name), encoding: .utf8)
        }
        let first = try await report("5", "a.html")
        #expect(first.contains("\"policy\" : \"risk-adjusted\""))
        #expect(try await report("5", "b.html") == first)
        #expect(try await report("6", "c.html") != first)
    }

    @Test("Prices and loads come from files, plain or gzip, and from standard input")
    func files() async throws {
        let folder = try TemporaryFolder()
        let prices = try folder.write(
            """
            region,availability_zone,instance_type,product,timestamp,price_usd
            us-east-1,us-east-1a,c5.4xlarge,Linux/UNIX,2021-03-02T00:00:00Z,1.0
            us-east-1,us-east-1b,c5.4xlarge,Linux/UNIX,2021-03-02T00:00:00Z,2.0

            """, to: "prices.csv")
        let load = try folder.write("arrival_s,duration_s\n10,3600\n", to: "builds.csv")
        let packed = try await Command.run("/usr/bin/gzip", ["-k", prices, load])
        #expect(packed.status == 0)
        let options = ["simulate", "--boot", "60-60", "--max-pool-share", "1"]
        let plain = try await simulate(options + ["--prices", prices, "--load", load])
        #expect(plain.status == 0, "\(plain.errors)")
        #expect(plain.output.contains(/least-cost +1\.03\b/), "3,720 seconds at a dollar: \(plain.output)")
        let zipped = try await simulate(
            options + ["--prices", prices + ".gz", "--load", "builds=" + load + ".gz"])
        #expect(
            zipped.output.replacing(".csv.gz", with: ".csv") == plain.output)
        let piped = try await simulate(
            options + ["--prices", prices, "--load", "builds=-"], input: "arrival_s,duration_s\n10,3600\n")
        #expect(piped.output.replacing("load -:", with: "load builds.csv:") == plain.output)
    }

    @Test("Without gzip a compressed file gives one line and exit code 69")
    func gzip() async throws {
        let folder = try TemporaryFolder()
        let load = try folder.write("arrival_s,duration_s\n10,3600\n", to: "builds.csv")
        #expect(try await Command.run("/usr/bin/gzip", ["-k", load]).status == 0)
        let empty = ["PATH": folder.path]
        let missing = try await simulate(["simulate", "--load", load + ".gz"], in: empty)
        #expect(missing.status == 69)
        #expect(missing.errors.split(separator: "\n").count == 1, "\(missing.errors)")
        #expect(missing.errors.contains("builds.csv.gz: gzip cannot be started"))
        #expect(try await simulate(["simulate", "--load", load], in: empty).status == 0)
        let compressed = try Data(contentsOf: URL(filePath: load + ".gz"))
        try (compressed + Data("not compressed".utf8)).write(to: URL(filePath: folder.file("tail.csv.gz")))
        let tail = try await simulate(["simulate", "--load", folder.file("tail.csv.gz")])
        #expect(tail.status == 0, "what follows the compressed data is ignored: \(tail.errors)")
        try Data([0x1f, 0x8b, 0, 1, 2, 3]).write(to: URL(filePath: folder.file("damaged.csv")))
        let damaged = try await simulate(["simulate", "--load", folder.file("damaged.csv")])
        #expect(damaged.status == 65)
        #expect(damaged.errors.split(separator: "\n").count == 1, "\(damaged.errors)")
        #expect(damaged.errors.contains("damaged.csv: damaged or incomplete gzip file"))
        #expect(try await simulate(["simulate", "--load", "builds=" + folder.path]).status == 65, "a folder")
    }

    @Test("Standard input can be a compressed file, but no compressed pipe")
    func compressedInput() async throws {
        let folder = try TemporaryFolder()
        let load = try folder.write("arrival_s,duration_s\n10,3600\n", to: "builds.csv")
        #expect(try await Command.run("/usr/bin/gzip", ["-k", load]).status == 0)
        func shell(_ script: String) async throws -> Command {
            try await Command.run("/bin/sh", ["-c", script, Paths.provisioner, load + ".gz"])
        }
        let file = try await shell("\"$0\" simulate --load builds=- < \"$1\"")
        #expect(file.status == 0, "\(file.errors)")
        let unpacked = try await shell("gzip -dc \"$1\" | \"$0\" simulate --load builds=-")
        #expect(unpacked.output == file.output)
        let pipe = try await shell("cat \"$1\" | \"$0\" simulate --load builds=-")
        #expect(pipe.status == 65)
        #expect(pipe.errors.split(separator: "\n").count == 1, "\(pipe.errors)")
        #expect(pipe.errors.contains("gzip -dc"))
    }

    @Test(
        "Invalid data gives a line with file and line number and exit code 65; invalid options 64, no file 66"
    )
    func errors() async throws {
        let folder = try TemporaryFolder()
        let load = try folder.write("arrival_s,duration_s\n1,2\n3,soon\n", to: "load.csv")
        let bad = try await simulate(["simulate", "--load", load])
        #expect(bad.status == 65)
        #expect(
            bad.errors
                == "aws-provisioner: load.csv:3: duration_s must be a number from 0 to 10000000, not \"soon\"\n"
        )
        let text = "arrival_s,duration_s\n" + (0..<9999).map { "\($0),60\n" }.joined()
        let whole = try folder.write(text, to: "whole.csv")
        #expect(try await Command.run("/usr/bin/gzip", [whole]).status == 0)
        let bytes = try Data(contentsOf: URL(filePath: whole + ".gz"))
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: folder.file("cut.csv.gz")))
        let cut = try await simulate(["simulate", "--load", folder.file("cut.csv.gz")])
        #expect(cut.status == 65)
        #expect(cut.errors.split(separator: "\n").count == 1)
        #expect(try await simulate(["simulate", "--load", "/nowhere/x.csv"]).status == 66)
        for policy in [
            "cheap", "", "least-cost:2", "least-cost+idle=1.5", "least-cost+idle=", "random-zone+idle=0.1",
            "least-cost+headroom=x", "least-cost+anticipation=1001", "least-cost+patience=1", "least-cost+",
        ] {
            let refused = try await simulate(["simulate", "--policy", policy])
            #expect(refused.status == 64, "\(policy)")
            #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
        }
        #expect(try await simulate(["simulate", "--idle-exponent", "2"]).status == 64)
        #expect(try await simulate(["simulate", "--anticipation", "-1"]).status == 64)
        #expect(try await simulate(["simulate", "--boot", "9-1"]).status == 64)
        #expect(try await simulate(["simulate", "--generate", "chaos"]).status == 64)
        #expect(try await simulate(["simulate", "--html", "/nowhere/x.html", "--hours", "1"]).status == 73)
    }

    @Test("--record writes the prices of EC2, and the file can be replayed")
    func record() async throws {
        let deployment = try await Deployment()
        let file = deployment.folder.file("recorded.csv")
        let recorded = try await deployment.run(
            "simulate", "--record", file, "--regions", "us-east-1", "--instance-types", "c5.4xlarge",
            "m5.4xlarge", "--days", "2")
        #expect(recorded.status == 0, "\(recorded.errors)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(
            text.hasPrefix("region,availability_zone,instance_type,product,timestamp,price_usd\nus-east-1,"))
        let replayed = try await deployment.run("simulate", "--prices", file, "--hours", "2")
        #expect(replayed.status == 0, "\(replayed.errors)")
        #expect(replayed.output.contains("prices recorded.csv: "))
        let refused = try await deployment.run("simulate", "--record", file)
        #expect(refused.status == 64)
    }

    @Test("Worker types are read from files, and the load assigns tasks to them")
    func workerTypes() async throws {
        let folder = try TemporaryFolder()
        for name in ["alpha", "beta"] {
            let definition = WorkerTypeDefinition.sample(types: [("c5.4xlarge", 1, 1)])
            _ = try folder.write(
                String(decoding: try definition.json.serialized(), as: UTF8.self), to: name + ".json")
        }
        let load = try folder.write("arrival_s,duration_s\n10,60\n", to: "load.csv")
        let types = ["--worker-types", folder.file("alpha.json"), folder.file("beta.json")]
        let both = try await simulate(
            ["simulate"] + types + ["--load", "alpha=" + load, "beta=" + load, "--json"])
        #expect(both.status == 0, "\(both.errors)")
        #expect(both.output.contains("\"launches\" : 2"))
        let unassigned = try await simulate(["simulate"] + types + ["--load", load])
        #expect(unassigned.status == 64)
        #expect(unassigned.errors.contains("there is no worker type load"))
    }

    @Test("The page shows its plots in a browser, inside their frames")
    func browser() async throws {
        let folder = try TemporaryFolder()
        let ended = try await simulate(Self.quick + ["--compare", "--html", folder.file("page.html")])
        #expect(ended.status == 0, "\(ended.errors)")
        let page = try String(contentsOfFile: folder.file("page.html"), encoding: .utf8)
        // The page forbids scripts: a copy with a script measures itself.
        let policy = try #require(page.firstMatch(of: /<meta http-equiv="Content-Security-Policy"[^>]*>/))
        #expect(policy.output.contains("default-src &#39;none&#39;; style-src &#39;sha256-"))
        let measuring = page.replacing(policy.output, with: "").replacing(
            "</body>",
            with: """
                <pre id="boxes"></pre><script>
                document.getElementById("boxes").textContent = JSON.stringify(
                    [...document.querySelectorAll("svg[role=img]")].map(svg => [...svg.querySelectorAll("path, line")]
                        .map(part => { const box = part.getBBox(); return [
                            part.tagName == "path" ? 1 : 0, box.x, box.y, box.width, box.height,
                            svg.viewBox.baseVal.width, svg.viewBox.baseVal.height] })))
                </script></body>
                """)
        let copy = try folder.write(measuring, to: "measuring.html")
        let dom = try await browse(["--dump-dom", "file://" + copy]).output
        let json = dom.split(separator: "<pre id=\"boxes\">").last?.split(separator: "</pre>").first ?? ""
        let plots = try JSONValue(parsing: Data(json.utf8)).arrayValue ?? []
        let groups = page.matches(of: /<h2>/).count - 1
        #expect(groups > 1 && plots.count == 1 + 2 * groups, "one for all, two for the policies of a line")
        for plot in plots {
            var curves = 0
            for part in plot.arrayValue ?? [] {
                let box = (part.arrayValue ?? []).compactMap(\.doubleValue)
                try #require(box.count == 7)
                #expect(box[1] >= 0 && box[2] >= 0, "\(box)")
                #expect(box[1] + box[3] <= box[5] + 0.01 && box[2] + box[4] <= box[6] + 0.01, "\(box)")
                if box[0] == 1, box[3] > 300 { curves += 1 }
            }
            #expect(curves > 0, "a curve spans the plot")
        }
        let picture = folder.file("page.png")
        _ = try await browse(["--screenshot=" + picture, "file://" + folder.file("page.html")])
        let bytes = try Data(contentsOf: URL(filePath: picture))
        #expect(bytes.prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]))
        #expect(bytes.count > 20_000, "more than an empty page")
    }

    private func browse(_ arguments: [String]) async throws -> Command {
        let ended = try await Command.run(
            "/usr/bin/chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--window-size=1000,1600",
            ] + arguments)
        #expect(ended.status == 0, "\(ended.errors)")
        return ended
    }
}
