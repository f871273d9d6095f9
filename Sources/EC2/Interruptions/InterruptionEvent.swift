import Domain
import Formats
import FoundationEssentials

/// An EC2 event in the format of EventBridge.
///
/// Source: Amazon EC2 User Guide, "Spot Instance interruption notices", "EC2 instance rebalance recommendations" and
/// "State change events".
enum InterruptionEvent {
    /// Reads the body of a message: an event, or an SNS notification with an event.
    static func read(_ body: String) -> InterruptionMessage.Content {
        guard let document = (try? JSONValue(parsing: Data(body.utf8)))?.objectValue else { return .foreign }
        guard document["Type"] == "Notification", document["TopicArn"]?.stringValue != nil,
            let message = document["Message"]?.stringValue
        else { return read(event: document) }
        // A topic without raw message delivery wraps each message.
        return (try? JSONValue(parsing: Data(message.utf8)))?.objectValue.map(read(event:)) ?? .foreign
    }

    private static func read(event: JSONObject) -> InterruptionMessage.Content {
        guard event["source"]?.stringValue == "aws.ec2", let type = event["detail-type"]?.stringValue,
            let region = event["region"]?.stringValue, !region.isEmpty,
            let at = event["time"]?.stringValue.flatMap(Date.init(timestamp:)),
            let detail = event["detail"]?.objectValue,
            let id = detail["instance-id"]?.stringValue, InstanceId.isValid(id)
        else { return .foreign }
        func notice(_ kind: InterruptionNotice.Kind) -> InterruptionMessage.Content {
            .notice(InterruptionNotice(instanceId: id, region: region, kind: kind, at: at))
        }
        switch type {
        case "EC2 Spot Instance Interruption Warning": return notice(.interruption)
        case "EC2 Instance Rebalance Recommendation": return notice(.rebalance)
        case "EC2 Instance State-change Notification":
            switch detail["state"]?.stringValue {
            case "shutting-down", "terminated", "stopping", "stopped": return notice(.ended)
            case "pending", "running": return .idle
            default: return .foreign
            }
        default: return .foreign
        }
    }
}
