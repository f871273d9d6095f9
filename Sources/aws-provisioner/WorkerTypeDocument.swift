import Domain
import FoundationEssentials
import Glibc
import Settings

/// A definition as a person keeps it in a file.
struct WorkerTypeDocument {
    let name: String
    let definition: WorkerTypeDefinition

    /// Reads all files, and reports everything that is wrong with any of them.
    static func load(_ paths: [String]) throws -> [WorkerTypeDocument] {
        var documents: [WorkerTypeDocument] = []
        var problems: [String] = []
        for path in paths {
            do {
                documents.append(try WorkerTypeDocument(path: path))
            } catch let error as WorkerTypeProblems {
                problems += error.problems.map { "\(path): \($0)" }
            }
        }
        if !problems.isEmpty {
            throw CommandFailure(.dataError, problems.joined(separator: "\naws-provisioner: "))
        }
        return documents
    }

    private init(path: String) throws {
        let data: Data
        if path == "-" {
            data = Self.standardInput()
        } else if let read = try? Data(contentsOf: URL(filePath: path)) {
            data = read
        } else {
            throw CommandFailure(.noInput, "\(path): cannot be read")
        }
        guard let document = try? JSONValue(parsing: data), var object = document.objectValue else {
            throw CommandFailure(.dataError, "\(path): is no JSON object")
        }
        let stem = path.split(separator: "/").last.map { $0.split(separator: ".", maxSplits: 1).first ?? $0 }
        let named = object.removeValue(forKey: "workerType")
        // What the API answers carries it: it says when that was stored, not what.
        object["lastModified"] = nil
        guard let name = named == nil && path != "-" ? stem.map(String.init) : named?.stringValue,
            WorkerType.isValidName(name)
        else {
            throw CommandFailure(
                .dataError,
                "\(path): workerType: must be 1 to 38 letters, digits, - and _ (else the file's name is it)")
        }
        self.name = name
        definition = try WorkerTypeDefinition(validating: .object(object))
    }

    private static func standardInput() -> Data {
        var all = Data()
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            guard count > 0 else { return all }
            all.append(contentsOf: chunk.prefix(count))
        }
    }
}
