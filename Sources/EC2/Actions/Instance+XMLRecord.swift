import AWS
import Domain
import Formats
import FoundationEssentials

extension Instance {
    init(_ record: XMLRecord, region: String) throws {
        guard let id = record.text("instanceId"), let type = record.text("instanceType"),
            let name = record.text("instanceState", "name"), let state = State(rawValue: name),
            let time = record.text("launchTime"), let launchTime = Date(timestamp: time)
        else { throw XMLError(description: "an instance lacks its id, type, state or launch time") }
        func nonEmpty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        let tags = record.tags()
        self.init(
            id: id,
            pool: Pool(
                region: region, availabilityZone: record.text("placement", "availabilityZone") ?? "",
                instanceType: type),
            imageId: record.text("imageId") ?? "", state: state, launchTime: launchTime,
            spotRequestId: nonEmpty(record.text("spotInstanceRequestId")),
            keyName: nonEmpty(record.text("keyName")),
            // Capacity blocks and scheduled instances are paid by reservation.
            lifecycle: record.text("instanceLifecycle") == "spot" ? .spot : .onDemand,
            clientToken: nonEmpty(record.text("clientToken")),
            stateReason: nonEmpty(record.text("stateReason", "code")), tags: tags,
            volumeIds: tags[Ownership.Tag.launchId] == nil ? record.volumeIds() : [])
    }
}
