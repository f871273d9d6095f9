import CGI
import Domain
import Formats
import Taskcluster

/// A method of the API: its path, scope, schemas and handler. The reference is generated from the routes.
struct Route: Sendable {
    enum Stability: String, Sendable { case stable, experimental, deprecated }

    let name: String
    let method: String
    /// The path, with parameters as `<name>`.
    let path: String
    let title: String
    let description: String
    let category: String
    let stability: Stability
    /// The required scope, with parameters and members of the body as `<name>`.
    let scope: String?
    let input: Schema?
    let output: Schema?
    /// Whether the route permits HEAD. Not if GET changes data, because the caller of HEAD receives no body.
    let takesHead: Bool
    let respond: @Sendable (RequestContext) throws -> HandlerResult

    init(
        _ name: String, _ method: String, _ path: String, _ title: String, category: String,
        stability: Stability = .stable, scope: String? = nil, input: Schema? = nil, output: Schema? = nil,
        description: String, takesHead: Bool = true,
        respond: @escaping @Sendable (RequestContext) throws -> CGIResponse
    ) {
        self.init(
            name, method, path, title, category: category, stability: stability, scope: scope, input: input,
            output: output, description: description, takesHead: takesHead,
            handler: { .response(try respond($0)) })
    }

    /// - Parameter handler: responds, or requests a launch check before the response.
    init(
        _ name: String, _ method: String, _ path: String, _ title: String, category: String,
        stability: Stability = .stable, scope: String? = nil, input: Schema? = nil, output: Schema? = nil,
        description: String, takesHead: Bool = true,
        handler: @escaping @Sendable (RequestContext) throws -> HandlerResult
    ) {
        self.name = name
        self.method = method
        self.path = path
        self.title = title
        self.description = description
        self.category = category
        self.stability = stability
        self.scope = scope
        self.input = input
        self.output = output
        self.takesHead = takesHead && method == "GET"
        self.respond = handler
    }

    /// The HTTP methods of the route.
    var methods: [String] { takesHead ? [method, "HEAD"] : [method] }

    /// The names of the parameters of the path, in order.
    var parameterNames: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("<") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The parameters of a path; nil for a path of another route.
    func match(_ path: String) -> [String: String]? {
        let pattern = self.path.split(separator: "/", omittingEmptySubsequences: false)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard pattern.count == parts.count else { return nil }
        var parameters: [String: String] = [:]
        for (expected, part) in zip(pattern, parts) {
            if expected.hasPrefix("<") {
                guard !part.isEmpty else { return nil }
                parameters[String(expected.dropFirst().dropLast())] = String(part)
            } else if expected != part {
                return nil
            }
        }
        return parameters
    }

    /// Whether the scope contains a member of the body, and not only parameters of the path.
    var scopeNeedsBody: Bool {
        scope?.contains("<workerType>") == true && !parameterNames.contains("workerType")
    }

    /// The required scope, with the values of its parameters.
    func neededScope(_ parameters: [String: String], body: JSONValue?) -> String? {
        guard var scope else { return nil }
        for (name, value) in parameters { scope = scope.replacing("<\(name)>", with: value) }
        if let workerType = body?.objectValue?["workerType"]?.stringValue {
            scope = scope.replacing("<workerType>", with: workerType)
        }
        return scope
    }
}

/// The patterns of path parameters.
enum PathParameter {
    /// The problem of a value; nil for a valid value.
    static func problem(_ name: String, _ value: String) -> String? {
        switch name {
        case "workerType":
            WorkerType.isValidName(value) ? nil : "workerType must match ^[a-zA-Z0-9-_]{1,38}$"
        case "token":
            SlugID.isValid(value) ? nil : "token must be a slugid"
        case "instanceId":
            InstanceId.isValid(value) ? nil : "instanceId must match \(InstanceId.pattern)"
        default: nil
        }
    }
}
