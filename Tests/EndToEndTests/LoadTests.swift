import Domain
import Foundation
import GRDB
import TestSupport
import Testing

extension HeavyTests {
    @Suite("aws-provisioner-api under load")
    struct LoadTests {
        @Test(
            "loses no update and returns no secret twice while iterations run; LOAD_REQUESTS sets the number of requests"
        )
        func load() async throws {
            var deployment = try await Deployment()
            deployment.environment["AWS_PROVISIONER_VALIDATE_LAUNCH"] = "false"
            let requests = ProcessInfo.processInfo.environment["LOAD_REQUESTS"] ?? "2000"
            let manager = try await deployment.addClient(
                "manager",
                scopes: ["aws-provisioner:manage-worker-type:*", "aws-provisioner:create-secret:*"])
            let web = try deployment.webServer()
            let load = try Command.start(
                Paths.python,
                [Paths.root + "/Tests/TestSupport/clients/api_load.py", web.url, manager, "32", requests])
            let iterating = Task { [deployment] in
                var statuses: Set<Int32> = []
                while !Task.isCancelled {
                    statuses.insert(try await deployment.run("iterate").status)
                }
                return statuses
            }
            let ended = try await load.end()
            iterating.cancel()
            #expect(ended.status == 0 && ended.output.hasPrefix("passed"), "\(ended.output)\(ended.errors)")
            #expect(try await iterating.value.isSubset(of: [0, 75]))
            let database = try DatabaseQueue(path: deployment.folder.file("provisioner.sqlite"))
            #expect(
                try await database.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") }
                    == "ok")
        }
    }
}
