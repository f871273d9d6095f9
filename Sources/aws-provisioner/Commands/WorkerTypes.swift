import ArgumentParser
import Domain
import FoundationEssentials
import Settings
import Storage

struct WorkerTypes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker-type", abstract: "Store, show and remove worker types.",
        subcommands: [Apply.self, List.self, Show.self, Remove.self, Validate.self])

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply", abstract: "Store definitions: all of them, or none when one is wrong.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "Files with definitions in the API's JSON form; - is standard input.")
        var files: [String]

        func run() throws {
            let documents = try WorkerTypeDocument.load(files)
            let settings = try common.settings()
            let problems = documents.flatMap { document in
                document.definition.launchProblems(in: settings.rules.requestMode).map {
                    "\(document.name): \($0)"
                }
            }
            if !problems.isEmpty {
                throw CommandFailure(.dataError, problems.joined(separator: "\naws-provisioner: "))
            }
            let database = try settings.openDatabase()
            for document in documents {
                let outcome = try store(document, in: database)
                print("\(document.name) \(outcome)")
            }
        }

        private func store(_ document: WorkerTypeDocument, in database: ProvisionerDatabase) throws -> String
        {
            switch try database.workerTypes.create(document.name, document.definition, now: Date()) {
            case .created: return "created"
            case .exists(let existing) where existing.definition == document.definition: return "unchanged"
            case .exists:
                let updated = try database.workerTypes.update(
                    document.name, document.definition, now: Date())
                return updated == nil ? "removed meanwhile: not stored" : "updated"
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all worker types.")

        @OptionGroup var common: CommonOptions
        @Flag(help: "An array of names as JSON.") var json = false

        func run() throws {
            let store = try common.settings().openDatabase().workerTypes
            if json { return try printJSON(.array(try store.names().map(JSONValue.string))) }
            var table = TextTable("worker type", "min", "max", "instance types", "regions", "last modified")
            for type in try store.all() {
                table.add(
                    type.name, "\(type.definition.minCapacity)", "\(type.definition.maxCapacity)",
                    type.definition.instanceTypes.map(\.instanceType).joined(separator: ","),
                    type.definition.regions.map(\.region).joined(separator: ","), type.lastModified.timestamp)
            }
            table.lines.forEach { print($0) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a worker type's definition.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var name: String
        @Flag(help: "Show the values of its secrets as well.") var withSecrets = false

        func run() throws {
            guard var type = try common.settings().openDatabase().workerTypes.get(name) else {
                throw CommandFailure(.noInput, "there is no worker type \(name)")
            }
            if !withSecrets { type.definition.hideSecrets() }
            try printJSON(type.json)
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove a worker type.",
            discussion: "The next iteration cancels its spot requests and terminates its instances.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The worker type's name.") var name: String

        func run() throws {
            guard try common.settings().openDatabase().workerTypes.remove(name, now: Date()) else {
                throw CommandFailure(.noInput, "there is no worker type \(name)")
            }
            print("\(name) removed")
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "validate", abstract: "Check definitions without storing them.")

        @Argument(help: "Files with definitions in the API's JSON form; - is standard input.")
        var files: [String]

        func run() throws {
            for document in try WorkerTypeDocument.load(files) { print("\(document.name) is valid") }
        }
    }
}

extension WorkerTypeDefinition {
    /// Puts a placeholder in place of every secret's value.
    fileprivate mutating func hideSecrets() {
        func hidden(_ object: JSONObject) -> JSONObject { object.mapValues { _ in "<secret>" } }
        secrets = hidden(secrets)
        for index in instanceTypes.indices {
            instanceTypes[index].secrets = hidden(instanceTypes[index].secrets)
        }
        for index in regions.indices { regions[index].secrets = hidden(regions[index].secrets) }
        for index in availabilityZones.indices {
            availabilityZones[index].secrets = hidden(availabilityZones[index].secrets)
        }
    }
}
