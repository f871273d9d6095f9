import Domain
import Taskcluster

/// An error for the client.
struct APIError: Error, Sendable {
    enum Code: String, Sendable {
        case invalidRequestArguments = "InvalidRequestArguments"
        case malformedPayload = "MalformedPayload"
        case inputValidationError = "InputValidationError"
        case inputError = "InputError"
        case authenticationFailed = "AuthenticationFailed"
        case insufficientScopes = "InsufficientScopes"
        case resourceNotFound = "ResourceNotFound"
        case methodNotAllowed = "MethodNotAllowed"
        case requestConflict = "RequestConflict"
        case inputTooLarge = "InputTooLarge"
        case internalServerError = "InternalServerError"
        case serviceUnavailable = "ServiceUnavailable"

        var status: Int {
            switch self {
            case .invalidRequestArguments, .malformedPayload, .inputValidationError, .inputError: 400
            case .authenticationFailed: 401
            case .insufficientScopes: 403
            case .resourceNotFound: 404
            case .methodNotAllowed: 405
            case .requestConflict: 409
            case .inputTooLarge: 413
            case .internalServerError: 500
            case .serviceUnavailable: 503
            }
        }
    }

    let code: Code
    let message: String
    var headers: [(name: String, value: String)] = []

    init(_ code: Code, _ message: String, headers: [(name: String, value: String)] = []) {
        self.code = code
        self.message = message
        self.headers = headers
    }

    /// Creates an error whose message ends with a list of places or reasons.
    init(_ code: Code, _ title: String, listing items: [some CustomStringConvertible]) {
        self.init(code, title + items.map { "\n  * \($0)" }.joined())
    }

    /// Creates an error from the problems of a document: violations of its schema, or of other rules.
    ///
    /// - Parameter title: the title of a list of violations of other rules.
    init(_ problems: WorkerTypeProblems, title: String = "Not a launchable worker type:") {
        self.init(
            problems.violatesSchema ? .inputValidationError : .inputError,
            problems.violatesSchema ? "Schema Validation Failed:" : title,
            listing: problems.problems)
    }

    /// The caller lacks scopes. The message also contains the scopes of the caller.
    static func insufficientScopes(_ caller: Caller, missing: [String]) -> APIError {
        func list(_ scopes: [String]) -> String { scopes.map { "\n  * \($0)" }.joined() }
        return APIError(
            .insufficientScopes,
            "Client ID \(caller.clientId ?? "(none)") does not have sufficient scopes and is missing:"
                + list(missing) + "\nIt has:" + list(caller.scopes.patterns))
    }

    static func unavailable(_ message: String) -> APIError {
        APIError(.serviceUnavailable, message, headers: [("Retry-After", "5")])
    }
}
