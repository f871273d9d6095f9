import ArgumentParser
import Configuration
import Cryptography
import Domain
import Formats
import FoundationEssentials
import Glibc
import Logging
import Platform
import Provisioning
import Simulation
import Storage

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Show the main job on a simulated EC2 and Queue.",
        discussion: """
            Runs the iterations of production once a minute of virtual time, on a temporary database with built-in worker \
            types. Needs no AWS account, no network and no configuration.

            Example: aws-provisioner demo --minutes 60
            """)

    @Option(help: "Minutes of virtual time, also as 2h.") var minutes = DurationIn<Minutes>(30)
    @Option(help: "The seed of random numbers: the same seed gives the same output.") var seed: UInt64 = 7
    @Option(
        help: """
            Keep the database in this new file, with times that end now, for status, explain and the status page.
            """, completion: .file())
    var database: String?

    func run() async throws {
        guard (1...10_000).contains(minutes.value) else {
            throw CommandFailure(.usage, "--minutes must be from 1 to 10000")
        }
        let minutes = Int(minutes.value)
        let seed = seed
        if let path = self.database {
            try ServiceUser.become(ownerOf: path)
            guard access(path, F_OK) != 0 else {
                throw CommandFailure(.cannotCreate, "\(path) is there already")
            }
            let key = try EncryptionKeyFile.create(at: EncryptionKeyFile.path(forDatabase: path))
            let database = try ProvisionerDatabase(path: path, key: key, create: true)
            let start = Date().wholeMilliseconds.addingTimeInterval(-60 * Double(minutes))
            return try await withCancellationBySignals {
                try await Self.show(database, start: start, minutes: minutes, seed: seed)
                DemoDisplay.showNextSteps(database: path)
            }
        }
        let folder = try Self.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try ProvisionerDatabase(
            path: folder + "/provisioner.sqlite", key: try EncryptionKey(), create: true)
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        try await withCancellationBySignals {
            try await Self.show(database, start: start, minutes: minutes, seed: seed)
            DemoDisplay.showNextSteps(database: nil)
        }
    }

    private static func show(_ database: ProvisionerDatabase, start: Date, minutes: Int, seed: UInt64)
        async throws
    {
        // The default of the setting: other commands read the database without it.
        try database.setProvisionerId(Demonstration.provisionerId, by: .program, now: start)
        for (name, document) in Demonstration.workerTypes {
            _ = try database.workerTypes.create(
                name, try WorkerTypeDefinition(validating: document), by: .program, now: start)
        }
        let world = SimulatedWorld(
            ec2: Demonstration.ec2(seed: seed, now: start),
            tasks: Demonstration.tasks(seed: seed, start: start), interruptions: 0.15, seed: seed, now: start
        ) { token, now in try database.secrets.take(token: token, now: now) != nil }
        let demoOperator = DemoOperator(start: start)
        let deployment = Deployment(
            ownership: Ownership(provisionerId: Demonstration.provisionerId, keyPrefix: "demo:"),
            regions: Demonstration.zones.keys.sorted(), baseUrl: "https://provisioner.example.com/v1",
            rootUrl: "https://taskcluster.example.com", rules: try demoOperator.rules())
        var display = DemoDisplay(minutes: minutes, isLive: isatty(STDOUT_FILENO) == 1)
        var ended = EndedInstances()
        for minute in 1...minutes {
            try world.advance(to: start.addingTimeInterval(60 * Double(minute)))
            let acts = try demoOperator.act(minute, in: database)
            let began = ContinuousClock.now
            var report = try await ProvisioningIteration(
                database: database, deployment: deployment, ec2: world, queue: world,
                notifications: demoOperator.outlets, deadline: .distantFuture, launchesAtOnce: 1,
                clock: { world.now },
                random: { world.randomBytes($0) },
                log: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
            ).run()
            try record(&report, took: ContinuousClock.now - began, in: database)
            let ends = try ended.texts(database, except: report.terminated.map(\.id))
            display.show(
                minute: minute, report, others: acts + ends + demoOperator.takeNotifications(), world.account)
            if display.isLive { try? await Task.sleep(for: .milliseconds(350)) }
            if Task.isCancelled { break }
        }
        display.finish(world.account)
    }

    /// The world's clock stands still while an iteration runs: the record gets the time that it really took.
    private static func record(
        _ report: inout IterationReport, took: Duration, in database: ProvisionerDatabase
    ) throws {
        report.finishedAt = report.startedAt.addingTimeInterval(took / .seconds(1))
        try database.iterations.finish(
            report.id, outcome: report.outcome, summary: report.summary, now: report.finishedAt)
    }

    private static func temporaryFolder() throws -> String {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array((base + "/aws-provisioner-demo-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure(.cannotCreate, "no temporary folder can be made in \(base)")
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
