import Domain
import FoundationEssentials
import GRDB

extension Launch {
    /// The columns of the table `launches` in the order in which `init(_:)` reads them.
    static let columns = """
        id, market, platform, mode, state, worker_type, definition_modified, definition, iteration, region, availability_zone,
        instance_type, capacity, spot_price, effective_price, bid_price, created_at, secret_expires, instance_id,
        spot_request_id, seen_at, missing_since, checked_in_at, ended_at, error_code, error_message, started_at,
        stopped_since, submitted_at
        """

    /// Reads a row of `columns`.
    init(_ row: Row) throws {
        var values = RowReader(row)
        let id: String = values.next()
        guard let market = Market(rawValue: values.next()),
            let platform = ImagePlatform(rawValue: values.next()),
            let mode = RequestMode(rawValue: values.next()), let state = State(rawValue: values.next())
        else {
            throw StorageError.corrupt(
                what: "launch \(id)", reason: "unknown market, platform, mode or state")
        }
        self.init(
            id: id, workerType: values.next(), definitionModified: Date(milliseconds: values.next()),
            definition: values.nextOptional(), iteration: values.next(),
            pool: Pool(
                region: values.next(), availabilityZone: values.next(), instanceType: values.next()),
            capacity: values.next(), market: market, platform: platform, mode: mode,
            spotPrice: Price(nanodollars: values.next()), effectivePrice: Price(nanodollars: values.next()),
            bidPrice: Price(nanodollars: values.next()), createdAt: Date(milliseconds: values.next()),
            secretExpires: Date(milliseconds: values.next()), state: state,
            instanceId: values.nextOptional(), spotRequestId: values.nextOptional(),
            seenAt: values.nextDate(), missingSince: values.nextDate(), checkedInAt: values.nextDate(),
            endedAt: values.nextDate(), errorCode: values.nextOptional(),
            errorMessage: values.nextOptional(), startedAt: values.nextDate(),
            stoppedSince: values.nextDate(), submittedAt: values.nextDate())
    }
}
