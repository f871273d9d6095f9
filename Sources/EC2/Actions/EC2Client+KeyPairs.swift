import AWS
import Domain
import Formats
import FoundationEssentials

extension EC2Client {
    /// Imports the public key when the region does not have the key pair.
    package func ensureKeyPair(named name: String, publicKey: String, region: String) async throws {
        var parameters = QueryParameters()
        parameters.add(filters: [("key-name", [name])])
        let found = try await call(
            .describeKeyPairs, parameters, region: region,
            records: Records(path: ["keySet", "item"], names: ["keyName"]) { $0.text("keyName") })
        if found.items.contains(name) { return }
        var importing = QueryParameters()
        importing.add("KeyName", name)
        importing.add("PublicKeyMaterial", Data(publicKey.utf8).base64EncodedString())
        do {
            try await call(.importKeyPair, importing, region: region)
        } catch let failure as ServiceFailure where EC2Codes.isExistingKeyPair(failure.code) {
            // Another process imported it meanwhile.
        }
    }
}
