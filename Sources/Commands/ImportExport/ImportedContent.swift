import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage
import Taskcluster

/// What the files of an import hold, in the API's form, with an account of what was changed to bring it there.
struct ImportedContent {
    private(set) var workerTypes: [(document: WorkerTypeDocument, changes: [String], isExported: Bool)] = []
    private(set) var clients: [ClientRecord] = []
    private var problems: [String] = []
    /// Whether `export` wrote the document that is read. Other documents may be of the original service.
    private var isExported = false

    /// Reads all files, and reports everything that is wrong with any of them.
    init(_ paths: [String]) async throws {
        for path in paths {
            let data = try await InputFile.read(path)
            do throws(JSONParsingError) {
                read(try JSONValue(parsing: data), path)
            } catch {
                problems.append("\(path): is not valid JSON: \(error)")
            }
        }
        if !problems.isEmpty { throw CommandFailure(.dataError, problems) }
    }

    private mutating func read(_ value: JSONValue, _ path: String) {
        if let list = value.arrayValue {
            readAll(list, "\(path): ")
        } else if let object = value.objectValue, object["format"] != nil || object["workerTypes"] != nil {
            readExport(object, path)
        } else if let object = value.objectValue {
            read(object, name: path == "-" ? nil : InputFile.stem(path), source: path)
        } else {
            problems.append("\(path): is \(value.typeName), and must be a JSON object or array")
        }
    }

    private mutating func readExport(_ object: JSONObject, _ path: String) {
        let format = object["format"]?.stringValue ?? Export.format
        let version = object["version"].map { $0.integerValue ?? 0 } ?? Export.version
        guard format == Export.format, version == Export.version else {
            problems.append("\(path): is not of the format \(Export.format), version \(Export.version)")
            return
        }
        isExported = true
        defer { isExported = false }
        readAll(object["workerTypes"]?.arrayValue ?? [], "\(path): workerTypes")
        for (index, value) in (object["clients"]?.arrayValue ?? []).enumerated() {
            guard let client = ClientRecord(exported: value) else {
                problems.append("\(path): clients[\(index)]: has not the form that export writes")
                continue
            }
            add(client, "\(path): clients[\(index)]")
        }
    }

    private mutating func add(_ client: ClientRecord, _ place: String) {
        problems += client.problems.map { "\(place): \($0)" }
        if client.clientId == ClientStore.issuer {
            problems.append("\(place): \(client.clientId) is made by `aws-provisioner init`: leave it out")
        }
        if clients.contains(where: { $0.clientId == client.clientId }) {
            problems.append("\(place): \(client.clientId) is there more than once")
        }
        clients.append(client)
    }

    private mutating func readAll(_ list: [JSONValue], _ place: String) {
        for (index, value) in list.enumerated() {
            guard let object = value.objectValue else {
                problems.append("\(place)[\(index)]: is \(value.typeName), and must be a JSON object")
                continue
            }
            read(object, name: nil, source: object["workerType"]?.stringValue ?? "\(place)[\(index)]")
        }
    }

    private mutating func read(_ object: JSONObject, name: String?, source: String) {
        do throws(WorkerTypeProblems) {
            let foreign = try LegacyWorkerTypeDocument(object)
            guard let name = foreign.name ?? name, WorkerType.isValidName(name) else {
                problems.append("\(source): workerType: is required: 1 to 38 letters, digits, - and _")
                return
            }
            if workerTypes.contains(where: { $0.document.name == name }) {
                problems.append("\(source): \(name) is there more than once")
            }
            add(name, foreign, source)
        } catch {
            problems += error.problems.map { "\(source): \($0)" }
        }
    }

    private mutating func add(_ name: String, _ foreign: LegacyWorkerTypeDocument, _ source: String) {
        do {
            workerTypes.append(
                (
                    try WorkerTypeDocument(name: name, document: .object(foreign.document), source: source),
                    foreign.changes, isExported
                ))
        } catch let failure as CommandFailure {
            problems += failure.messages
        } catch {
            problems.append("\(source): \(error)")
        }
    }
}
