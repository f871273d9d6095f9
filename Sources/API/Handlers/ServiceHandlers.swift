import CGI
import Domain
import Formats
import FoundationEssentials
import Storage

/// The methods for the state of the service.
enum ServiceHandlers {
    static func ping(_ call: RequestContext) throws -> CGIResponse {
        let uptime = call.service.now.timeIntervalSince(try call.service.database().createdAt())
        return try RequestContext.json(["alive": true, "uptime": .number(max(0, uptime))])
    }

    static func backendStatus(_ call: RequestContext) throws -> CGIResponse {
        guard let last = try call.service.database().iterations.lastFinished(), let finished = last.finishedAt
        else {
            return try RequestContext.json(["status": "pending", "lastCheckedIn": "1970-01-01T00:00:00.000Z"])
        }
        let status = BackendStatus(
            finishedAt: finished, outcome: last.outcome, interval: call.service.interval,
            now: call.service.now)
        return try RequestContext.json([
            "status": .string(status.rawValue), "lastCheckedIn": .string(finished.timestamp),
        ])
    }
}
