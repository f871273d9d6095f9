import Formats
import FoundationEssentials

extension WorkerTypeDefinition {
    /// Changes with the definition, apart from its description and owner. Refusals and boot failures of one definition
    /// do not concern another one.
    package var fingerprint: String {
        let content = json.objectValue?.filter { !["description", "owner"].contains($0.key) } ?? [:]
        // Serialization fails for no value of a valid definition.
        let bytes = (try? JSONValue.object(content).serialized()) ?? Data()
        return String(StableHash.fnv1a(bytes), radix: 16)
    }
}
