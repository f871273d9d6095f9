import Configuration
import Foundation
import Platform
import TestSupport
import Testing

@testable import Commands

@Suite("The checks of files")
struct FileCheckTests {
    private func finding(_ folder: String) throws -> Finding? {
        let environment = ["AWS_PROVISIONER_DATABASE": "/nowhere/p.sqlite"]
        let settings = try Settings.load(path: nil, environment: environment)
        return FileChecks(
            deployment: DeploymentContext(settings, environment: environment), logFolder: folder
        ).logs()
    }

    @Test("fail for a log folder that others may write, and accept a missing one")
    func logFolder() throws {
        let folder = try TemporaryFolder()
        #expect(try finding(folder.path) == nil)
        #expect(try finding(folder.file("missing")) == nil)
        chmod(folder.path, 0o777)
        let found = try #require(try finding(folder.path))
        #expect(found.state == .failed && found.exit == .configuration)
        #expect(found.detail.contains("may write it"))
    }
}
