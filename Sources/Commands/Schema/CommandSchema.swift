import Formats

/// The JSON schemas of the documents that commands print, as files in the folder Schemas.
enum CommandSchema {
    /// The schema of a command's document, complete with the definitions to which it refers.
    ///
    /// - Parameter command: the words of the command, for example `worker-type list`.
    static func document(of command: String) -> JSONObject? {
        guard let file = files[command], var schema = parsed(file) else { return nil }
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        let known = parsed(PackageResources.objects_json)?
            .merging(parsed(PackageResources.members_json) ?? [:]) { object, _ in object }
        var definitions: JSONObject = [:]
        addDefinitions(in: .object(schema), from: known ?? [:], to: &definitions)
        if !definitions.isEmpty { schema["$defs"] = .object(definitions) }
        return schema
    }

    /// The commands with a schema, by name.
    static var commands: [String] { files.keys.sorted() }

    /// Adds the definitions to which a part of a schema refers, directly or through another definition.
    private static func addDefinitions(
        in part: JSONValue, from known: JSONObject, to definitions: inout JSONObject
    ) {
        let place = "#/$defs/"
        if let reference = part.objectValue?["$ref"]?.stringValue, reference.hasPrefix(place) {
            let name = String(reference.dropFirst(place.count))
            guard definitions[name] == nil, let definition = known[name] else { return }
            definitions[name] = definition
            addDefinitions(in: definition, from: known, to: &definitions)
        }
        for value in part.objectValue.map({ Array($0.values) }) ?? part.arrayValue ?? [] {
            addDefinitions(in: value, from: known, to: &definitions)
        }
    }

    private static func parsed(_ file: [UInt8]) -> JSONObject? {
        try? JSONValue(parsing: file).objectValue
    }

    /// The bytes of the files. They are part of the program.
    private static let files: [String: [UInt8]] = [
        "backup": PackageResources.backup_json,
        "client add": PackageResources.client_add_json,
        "client list": PackageResources.client_list_json,
        "client narrow-issuer": PackageResources.client_narrow_issuer_json,
        "client remove": PackageResources.client_remove_json,
        "costs": PackageResources.costs_json,
        "doctor": PackageResources.doctor_json,
        "events": PackageResources.events_json,
        "explain": PackageResources.explain_json,
        "export": PackageResources.export_json,
        "hold clear": PackageResources.hold_clear_json,
        "hold list": PackageResources.hold_list_json,
        "import": PackageResources.import_json,
        "init": PackageResources.init_json,
        "instance-type list": PackageResources.instance_type_list_json,
        "instance-type pause": PackageResources.pause_json,
        "instance-type resume": PackageResources.pause_json,
        "instances": PackageResources.instances_json,
        "iterate": PackageResources.iterate_json,
        "man": PackageResources.man_json,
        "migrate": PackageResources.migrate_json,
        "notify test": PackageResources.notify_test_json,
        "on-demand-prices import": PackageResources.on_demand_prices_import_json,
        "on-demand-prices list": PackageResources.on_demand_prices_list_json,
        "prune": PackageResources.prune_json,
        "region forget": PackageResources.region_forget_json,
        "region list": PackageResources.region_list_json,
        "rehearse interruption": PackageResources.rehearse_json,
        "rehearse refusal": PackageResources.rehearse_json,
        "region pause": PackageResources.pause_json,
        "region resume": PackageResources.pause_json,
        "restore": PackageResources.restore_json,
        "schema": PackageResources.schema_json,
        "simulate": PackageResources.simulate_json,
        "status": PackageResources.status_json,
        "terminate": PackageResources.terminate_json,
        "utility suggest": PackageResources.utility_suggest_json,
        "worker-type apply": PackageResources.worker_type_apply_json,
        "worker-type diff": PackageResources.worker_type_diff_json,
        "worker-type edit": PackageResources.worker_type_edit_json,
        "worker-type history": PackageResources.worker_type_history_json,
        "worker-type list": PackageResources.worker_type_list_json,
        "worker-type pause": PackageResources.pause_json,
        "worker-type remove": PackageResources.worker_type_remove_json,
        "worker-type resume": PackageResources.pause_json,
        "worker-type show": PackageResources.worker_type_show_json,
        "worker-type validate": PackageResources.worker_type_validate_json,
    ]
}
