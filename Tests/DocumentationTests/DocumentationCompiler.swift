import Foundation

/// The documentation compiler of the toolchain.
enum DocumentationCompiler {
    /// Its path; nil if the toolchain contains none.
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { $0 + "/docc" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
