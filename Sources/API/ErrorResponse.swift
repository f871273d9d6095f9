import CGI
import Domain
import Formats
import FoundationEssentials

/// The documented form of every error.
enum ErrorResponse {
    static func response(_ error: APIError, _ progress: Router.Progress, now: Date) -> CGIResponse {
        let name = progress.route?.name ?? "unknown"
        let time = now.timestamp
        let message = """
            \(error.message)

            ---

            * method:     \(name)
            * errorCode:  \(error.code.rawValue)
            * statusCode: \(error.code.status)
            * time:       \(time)
            """
        let body: JSONValue = [
            "code": .string(error.code.rawValue), "message": .string(message),
            "requestInfo": [
                "method": .string(name), "params": .object(shown(progress.parameters)),
                "payload": ShownPayload.document(progress.payload, progress.route?.input),
                "time": .string(time),
            ],
        ]
        return CGIResponse(
            status: error.code.status,
            headers: [
                ("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store"),
            ] + error.headers, body: Array((try? body.serialized()) ?? Data("{}".utf8)))
    }

    /// The parameters of the path, without the token, which is a secret.
    private static func shown(_ parameters: [String: String]) -> JSONObject {
        var shown = parameters.mapValues(JSONValue.string)
        if shown["token"] != nil { shown["token"] = JSONDifference.hidden }
        return shown
    }
}
