import Formats

/// The former names of members of `iterate --json`. They stay for one version, because other programs depend on them.
enum DeprecatedMembers {
    private static let bidNames = [
        "spotPrice": "spotUsdPerHour", "effectivePrice": "effectiveUsdPerHour", "bidPrice": "bidUsdPerHour",
    ]

    /// The document with its former members beside the present ones.
    static func added(to document: JSONObject) -> JSONObject {
        var document = document
        document["workerTypes"] = mapped(document["workerTypes"]) { workerType in
            workerType["bids"] = workerType["bidCount"]
            workerType["errors"] = workerType["problems"]
        }
        document["bids"] = mapped(document["bids"]) { bid in
            for (former, present) in bidNames { bid[former] = bid[present] }
            bid["error"] = bid["problems"]?.arrayValue?.first
        }
        let warnings = (document["warnings"]?.arrayValue ?? []).map { warning -> JSONValue in
            ["subject": "warning", "code": "warning", "message": warning]
        }
        document["errors"] = .array((document["failures"]?.arrayValue ?? []) + warnings)
        return document
    }

    private static func mapped(_ list: JSONValue?, _ change: (inout JSONObject) -> Void) -> JSONValue {
        .array(
            (list?.arrayValue ?? []).compactMap(\.objectValue).map { object in
                var object = object
                change(&object)
                return .object(object)
            })
    }
}
