import CGI
import Domain
import FoundationEssentials

/// The documented form of every error.
enum ErrorAnswer {
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
                "payload": hidingSecrets(progress.payload), "time": .string(time),
            ],
        ]
        return CGIResponse(
            status: error.code.status,
            headers: [
                ("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store"),
            ] + error.headers, body: Array((try? body.serialized()) ?? Data("{}".utf8)))
    }

    /// The token in a path is a secret like any other.
    private static func shown(_ parameters: [String: String]) -> JSONObject {
        var shown = parameters.mapValues(JSONValue.string)
        if shown["token"] != nil { shown["token"] = "(hidden)" }
        return shown
    }

    /// A document with every value below a member `secrets`, and every token, replaced.
    static func hidingSecrets(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            var shown: JSONObject = [:]
            for (key, member) in object {
                switch key {
                case "secrets": shown[key] = "(hidden)"
                case "token": shown[key] = "(hidden)"
                default: shown[key] = hidingSecrets(member)
                }
            }
            return .object(shown)
        case .array(let values): return .array(values.map(hidingSecrets))
        default: return value
        }
    }
}
