import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Reporting
import Storage

extension WorkerTypes {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a worker type's definition, as JSON.",
            discussion: """
                "<secret>" replaces the value of a secret. `apply`, `diff` and `import` read it as the stored value. With \
                --launch-specifications it shows the merged launch specification of each pool, and where a definition \
                names a launch template, the parameters that it adds. Notes on standard error name the pauses.

                Example: aws-provisioner worker-type show build-linux
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
        @Flag(help: "Show the values of its secrets as well.") var withSecrets = false
        @Flag(help: "Show what is launched in each region, zone and instance type.")
        var launchSpecifications = false
        @OptionGroup var json: JSONOption

        func validate() throws {
            guard !(withSecrets && launchSpecifications) else {
                throw ValidationError("--with-secrets or --launch-specifications, not both")
            }
        }

        func run() async throws {
            let deployment = try common.deployment()
            let database = try deployment.openDatabase(.readSecrets)
            var type = try database.workerType(workerType.name)
            for pause in try database.pauses.active(at: Date()) where pause.subject.concerns(type) {
                Terminal.printError("note: \(pause.shown)")
            }
            if launchSpecifications { return try await showLaunches(of: type.definition, deployment) }
            if !withSecrets { type.definition = type.definition.hidingSecrets }
            try Terminal.print(json: type.json)
        }

        private func showLaunches(
            of definition: WorkerTypeDefinition, _ deployment: DeploymentContext
        ) async throws {
            var templates: [String: [LaunchTemplate]] = [:]
            if !definition.launchTemplates.isEmpty {
                do {
                    templates = try await LaunchTemplateCheck(deployment).templates(of: definition)
                } catch let failure as ServiceFailure {
                    Terminal.printError(
                        "note: shown without the launch templates, which cannot be read: \(failure)")
                }
            }
            let keyName = try deployment.keyName()
            let tokens = deployment.settings.rules.metadataTokens
            let launches = definition.previewPools.map { pool -> JSONValue in
                let own = LaunchSpecification(definition, pool: pool, keyName: keyName)
                let specification = tokens.applied(to: own.specification)
                let template = LaunchTemplateReference(specification).flatMap { reference in
                    templates[pool.region]?.first { $0.reference == reference }
                }
                var launch: JSONObject = [
                    "region": .string(pool.region), "zone": .string(pool.availabilityZone),
                    "instanceType": .string(pool.instanceType),
                    "launchSpec": .object(template?.merged(into: specification) ?? specification),
                    "userData": .object(own.userData), "scopes": .array(own.scopes.map(JSONValue.string)),
                ]
                if let template { launch["launchTemplate"] = .object(template.data) }
                return .object(launch)
            }
            try Terminal.print(document: ["launchSpecifications": .array(launches)])
        }
    }
}
