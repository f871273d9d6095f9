import ArgumentParser
import Configuration
import FoundationEssentials

/// The options of every command that works on a deployment.
struct CommonOptions: ParsableArguments {
    @Option(
        help:
            "Path of the configuration file. Default: AWS_PROVISIONER_CONFIG, else \(Settings.standardFile).",
        completion: .file())
    var config: String?

    @Option(help: "Path of the SQLite file. Default: the setting database.", completion: .file())
    var database: String?

    /// The deployment. The options take precedence over the settings. Started by root, the process becomes the service
    /// user.
    func deployment() throws -> DeploymentContext {
        try DeploymentContext.ofThisProcess(config: config, database: database)
    }
}

extension DeploymentContext {
    /// The deployment that the settings of this process describe. Started by root, the process becomes the service user.
    ///
    /// - Parameters:
    ///   - config: the path of the configuration file, from the command line.
    ///   - database: the path of the database, from the command line.
    static func ofThisProcess(config: String? = nil, database: String? = nil) throws -> DeploymentContext {
        var settings = try Settings.load(path: config, environment: ProcessInfo.processInfo.environment)
        if let database { settings.database = database }
        try settings.becomeServiceUser()
        // Read again: HOME is the service user's now.
        return DeploymentContext(settings, environment: ProcessInfo.processInfo.environment)
    }
}
