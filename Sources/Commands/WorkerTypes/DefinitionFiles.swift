import ArgumentParser

/// The files that a command reads definitions from.
struct DefinitionFiles: ParsableArguments {
    @Argument(
        help: "Files with definitions in the API's JSON form; - is standard input.",
        completion: .file(extensions: ["json"]))
    var files: [String]

    /// All of them; what is wrong with any is thrown together.
    func documents() async throws -> [WorkerTypeDocument] { try await WorkerTypeDocument.load(files) }
}
