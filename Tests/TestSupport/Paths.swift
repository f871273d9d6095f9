import Foundation

/// Paths in this checkout.
package enum Paths {
    /// The project's root.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The Python that `Tests/run` prepared.
    package static let python =
        ProcessInfo.processInfo.environment["TEST_PYTHON"] ?? root + "/.build/test-venv/bin/python"

    /// The folder with the executables of this build.
    package static let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().path

    package static let provisioner = products + "/aws-provisioner"

    package static let api = products + "/aws-provisioner-api"

    package static let status = products + "/aws-provisioner-status"

    /// A library to preload into a program: it moves the clock.
    package static let movedClock = products + "/libMovedClock.so"
    static let servers = root + "/Tests/TestSupport/servers/"
    static let databases = root + "/Tests/TestSupport/databases/"
}
