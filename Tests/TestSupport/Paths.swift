import Foundation

/// Where things are in this checkout.
public enum Paths {
    /// The project's root.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The Python that `Tests/run` prepared.
    public static let python =
        ProcessInfo.processInfo.environment["TEST_PYTHON"] ?? root + "/.build/test-venv/bin/python"

    /// The folder with the executables of this build.
    public static let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().path

    public static let provisioner = products + "/aws-provisioner"

    public static let api = products + "/aws-provisioner-api"

    public static let status = products + "/aws-provisioner-status"

    /// Moves the clock of a program that it is preloaded into.
    public static let movedClock = products + "/libMovedClock.so"
    static let servers = root + "/Tests/TestSupport/servers/"
    static let databases = root + "/Tests/TestSupport/databases/"
}
