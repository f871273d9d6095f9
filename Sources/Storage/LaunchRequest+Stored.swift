import Domain
import Formats
import FoundationEssentials

extension LaunchRequest {
    /// Reads the document that `Encodable` writes. Its launch specification is JSON from outside.
    init(stored document: JSONValue, of launch: Launch) throws {
        let object = document.objectValue ?? [:]
        guard let clientToken = object["clientToken"]?.stringValue,
            let market = object["market"]?.stringValue.flatMap(Market.init(rawValue:)),
            let mode = object["mode"]?.stringValue.flatMap(RequestMode.init(rawValue:)),
            let specification = object["launchSpecification"]?.objectValue,
            let userData = object["userData"]?.stringValue, let tags = object["tags"]?.objectValue,
            let validUntil = object["validUntil"]?.integerValue
        else {
            throw StorageError.corrupt(
                what: "request of launch \(launch.id)", reason: "unexpected JSON")
        }
        self.init(
            clientToken: clientToken, pool: launch.pool, market: market, mode: mode,
            bidPrice: launch.bidPrice, launchSpecification: specification, userData: userData,
            tags: tags.compactMapValues(\.stringValue), validUntil: Date(milliseconds: Int64(validUntil)))
    }
}
