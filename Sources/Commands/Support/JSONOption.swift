import ArgumentParser

/// The option of commands that print a JSON document. Each document has a schema (`CommandSchema`).
struct JSONOption: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON. The command `schema` prints its schema.")
    var isSet = false
}
