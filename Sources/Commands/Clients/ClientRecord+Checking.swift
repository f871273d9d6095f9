import Domain
import Formats
import FoundationEssentials
import Storage
import Taskcluster

extension ClientRecord {
    /// Bytes of a client's description.
    static let longestDescription = 10_240

    /// Each reason why the client cannot be stored; empty when it can. `client add` and `import` share these rules.
    var problems: [String] {
        var problems: [String] = []
        if !ClientId.isValid(clientId) { problems.append("the id must be \(ClientId.rule)") }
        problems += scopes.filter { !Scopes.isValid($0) }.map { "scope \($0): must be printable ASCII" }
        problems += scopes.filter { $0.isEmpty || $0.contains(" ") }.map {
            "scope \"\($0)\": a scope has no blanks; name each scope by itself"
        }
        if description.utf8.count > Self.longestDescription {
            problems.append("the description must be at most \(Self.longestDescription) bytes")
        }
        return problems
    }

    /// The command that adds this client where it does not exist, for a POSIX shell.
    var commandToAdd: String {
        var words = ["aws-provisioner client add"]
        words += scopes.map { "--scope=" + ShellWord.quoted($0) }
        if let expires { words.append("--expires=" + ShellWord.quoted(expires.timestamp)) }
        if !description.isEmpty { words.append("--description=" + ShellWord.quoted(description)) }
        // An id may begin with a dash.
        return (words + ["--", ShellWord.quoted(clientId)]).joined(separator: " ")
    }
}

extension ClientRecord {
    private static let members: Set<String> = ["clientId", "scopes", "expires", "description", "createdAt"]

    /// Reads what `export` wrote. Nil for any other form: a misread end would give a client rights for ever.
    init?(exported value: JSONValue) {
        guard let object = value.objectValue, Set(object.keys).isSubset(of: Self.members),
            let id = object["clientId"]?.stringValue, let list = object["scopes"]?.arrayValue
        else { return nil }
        let scopes = list.compactMap(\.stringValue)
        guard scopes.count == list.count, let expires = Self.time(object["expires"]),
            let created = Self.time(object["createdAt"]),
            let description = (object["description"] ?? "").stringValue
        else { return nil }
        self.init(
            clientId: id, scopes: scopes, expires: expires, description: description,
            createdAt: created ?? .distantPast)
    }

    /// A time, or the absence of one; nil for a value that is neither.
    private static func time(_ value: JSONValue?) -> Date?? {
        switch value {
        case nil, .null: .some(nil)
        case .string(let text): Date(timestamp: text).map(Optional.some)
        default: nil
        }
    }
}
