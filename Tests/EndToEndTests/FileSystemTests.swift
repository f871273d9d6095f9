import Foundation
import TestSupport
import Testing

@Suite("A database on a network file system")
struct FileSystemTests {
    @Test("is refused by init, doctor and iterate, unless the setting allows it")
    func refused() async throws {
        var deployment = try await Deployment()
        deployment.environment["LD_PRELOAD"] = Paths.movedClock
        deployment.environment["FILE_SYSTEM_TYPE"] = "6969"
        let reason =
            "is on a network file system (NFS), where the locks of SQLite and of iterations do not work"
        let commands = [["init"], ["iterate"], ["doctor"]]
        for arguments in commands {
            let ended = try await Command.run(
                Paths.provisioner, arguments, environment: deployment.environment)
            #expect(ended.status == 78, "\(arguments): \(ended.errors)")
            #expect((ended.output + ended.errors).contains(reason), "\(arguments)")
        }
        deployment.environment["AWS_PROVISIONER_ALLOW_NETWORK_FILE_SYSTEM"] = "true"
        for arguments in commands {
            let ended = try await Command.run(
                Paths.provisioner, arguments, environment: deployment.environment)
            #expect(ended.status == 0, "\(arguments): \(ended.output)\(ended.errors)")
        }
    }
}
