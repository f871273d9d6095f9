import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform

/// A definition as a person keeps it in a file.
struct WorkerTypeDocument {
    let name: String
    /// As it was written: a placeholder may stand for a secret's value.
    let written: WorkerTypeDefinition
    private let source: String

    /// Reads all files, and reports everything that is wrong with any of them.
    static func load(_ paths: [String]) async throws -> [WorkerTypeDocument] {
        var documents: [WorkerTypeDocument] = []
        var problems: [String] = []
        for path in paths {
            do {
                let stem = path == "-" ? nil : InputFile.stem(path)
                let document = try await WorkerTypeDocument(InputFile.read(path), name: stem, source: path)
                if documents.contains(where: { $0.name == document.name }) {
                    problems.append("\(path): \(document.name) is in another file as well")
                }
                documents.append(document)
            } catch let error as CommandFailure where error.exit == .dataError {
                problems += error.messages
            }
        }
        if !problems.isEmpty { throw CommandFailure(.dataError, problems) }
        return documents
    }

    /// - Parameters:
    ///   - name: the worker type's, unless the document says another.
    ///   - source: where it is from, for messages.
    init(_ data: [UInt8], name: String?, source: String) throws {
        let document: JSONValue
        do throws(JSONParsingError) {
            document = try JSONValue(parsing: data)
        } catch {
            throw CommandFailure(.dataError, "\(source): is not valid JSON: \(error)")
        }
        guard var object = document.objectValue else {
            let list = document.arrayValue == nil ? "" : "; `import` reads a list of definitions"
            throw CommandFailure(
                .dataError, "\(source): is \(document.typeName), and must be a JSON object\(list)")
        }
        let named = object.removeValue(forKey: "workerType")
        // What the API answers carries it: it says when that was stored, not what.
        object["lastModified"] = nil
        guard let name = named == nil ? name : named?.stringValue, WorkerType.isValidName(name) else {
            throw CommandFailure(
                .dataError,
                "\(source): workerType: must be 1 to 38 letters, digits, - and _ (else the file's name is it)"
            )
        }
        try self.init(name: name, document: .object(object), source: source)
    }

    init(name: String, document: JSONValue, source: String) throws {
        self.name = name
        self.source = source
        do throws(WorkerTypeProblems) {
            written = try WorkerTypeDefinition(validating: document)
        } catch {
            throw CommandFailure(.dataError, error.problems.map { "\(source): \($0)" })
        }
    }

    /// Throws all problems of the launches of all documents.
    static func checkLaunches(_ documents: [WorkerTypeDocument], _ settings: LaunchSettings) throws {
        let problems = documents.flatMap { document in
            document.written.launchProblems(named: document.name, with: settings)
                .map { "\(document.source): \($0)" }
        }
        if !problems.isEmpty { throw CommandFailure(.dataError, problems) }
    }

    /// Names the members without effect, on standard error.
    func printNotes() {
        if let note = written.ignoredZonesNote { Terminal.printError("\(name): note: \(note)") }
    }

    /// The definition with the secrets that are stored where a placeholder stands for them, if it can be launched.
    func definition(over stored: WorkerType?, with settings: LaunchSettings) throws -> WorkerTypeDefinition {
        let (definition, missing) = try definitionWithoutMissing(over: stored, with: settings)
        if !missing.isEmpty {
            throw CommandFailure(
                .dataError,
                missing.map { "\(source): \($0): \"<secret>\" stands for no value that is stored" })
        }
        return definition
    }

    /// The same, leaving out secrets that have no value here; also where those stand.
    func definitionWithoutMissing(
        over stored: WorkerType?, with settings: LaunchSettings
    ) throws -> (definition: WorkerTypeDefinition, missing: [String]) {
        let problems = written.launchProblems(named: name, with: settings)
        if !problems.isEmpty { throw CommandFailure(.dataError, problems.map { "\(name): \($0)" }) }
        let (definition, missing) = written.takingSecrets(from: stored?.definition)
        do throws(WorkerTypeProblems) {
            try definition.checkSize()
        } catch {
            throw CommandFailure(.dataError, error.problems.map { "\(name): \($0)" })
        }
        return (definition, missing)
    }
}
