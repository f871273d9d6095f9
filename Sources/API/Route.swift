import CGI
import Domain
import Formats
import Taskcluster

/// One method of the API: where it is, what it needs, and what it does. The reference is made of these.
struct Route: Sendable {
    enum Stability: String, Sendable { case stable, experimental, deprecated }

    let name: String
    let method: String
    /// With parameters as `<name>`.
    let path: String
    let title: String
    let description: String
    let category: String
    let stability: Stability
    /// The scope that is needed, with parameters, and members of the body, as `<name>`.
    let scope: String?
    let input: Schema?
    let output: Schema?
    /// Whether HEAD is answered like GET. Not where a GET changes something: the answer of a HEAD is lost.
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

    /// - Parameter handler: may ask for a launch check before it responds.
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

    /// The methods of HTTP that lead here.
    var methods: [String] { takesHead ? [method, "HEAD"] : [method] }

    /// The names of the path's parameters, in order.
    var parameterNames: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("<") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The parameters when a path is this route's; nil when it is not.
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

    /// Whether the scope names a member of the body. The path gives all other parts of a scope.
    var scopeNeedsBody: Bool {
        scope?.contains("<workerType>") == true && !parameterNames.contains("workerType")
    }

    /// The scope that is needed, its parameters filled in.
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
    /// What is wrong with a value; nil when nothing is.
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
