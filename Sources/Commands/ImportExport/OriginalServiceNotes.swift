import Configuration
import Domain
import Formats
import FoundationEssentials
import HTTPTransport
import Storage

/// Names the members of a definition of the original service that mean something else here.
struct OriginalServiceNotes {
    private let utility: ProvisioningRules.Utility
    /// Nil when there is no issuer of worker credentials.
    private let issuer: IssuerScopes?
    /// The reason why the scopes of the issuer are unknown.
    private let issuerFailure: String?

    /// Reads the scopes of the issuer, if a definition has scopes.
    init(
        _ deployment: DeploymentContext, clients: [ClientRecord], definitions: [WorkerTypeDefinition]
    ) async {
        utility = deployment.settings.rules.utility
        guard definitions.contains(where: { !$0.scopesOfAllLayers.isEmpty }) else {
            (issuer, issuerFailure) = (nil, nil)
            return
        }
        do {
            issuer = try await IssuerScopes(
                deployment, http: deployment.interactiveHTTPClient(), clients: clients)
            issuerFailure = nil
        } catch {
            (issuer, issuerFailure) = (nil, "\(error)")
        }
    }

    func notes(on definition: WorkerTypeDefinition, of workerType: String) -> [String] {
        utilityNotes(definition) + scopesNotes(definition, workerType) + onDemandNotes(definition)
    }

    private func utilityNotes(_ definition: WorkerTypeDefinition) -> [String] {
        guard let reading = UtilityReading(definition) else { return [] }
        func names(_ reading: ProvisioningRules.Utility, _ types: [InstanceTypeConfiguration]) -> String {
            types.map(\.instanceType).joined(separator: ", ")
                + (reading == .multiply ? " (lowest number)" : " (highest number)")
        }
        let numbers = reading.types.map { "\($0.instanceType) \(number($0.utility))" }
            .joined(separator: ", ")
        func preference(_ way: ProvisioningRules.Utility) -> String { names(way, reading.preferred(by: way)) }
        let here =
            utility == .divide
            ? "the setting utility is divide, as in the code of the original service: at equal prices it prefers "
                + preference(.divide)
            : "the setting utility is multiply: at equal prices it prefers \(preference(.multiply)); the code of the "
                + "original service divided and preferred \(preference(.divide))"
        return [
            "utility: differs between instance types (\(numbers)); \(here)", "utility: " + evidence(reading),
        ]
    }

    /// The reading that the numbers are written for, and the remedy.
    private func evidence(_ reading: UtilityReading) -> String {
        guard let written = reading.written, let pair = reading.pairs.first else {
            return
                "the numbers do not show whether they are written for multiply or divide; set utility to the one "
                + "that prefers the better machine"
        }
        let rule = written == .divide ? "higher" : "lower"
        let example =
            "\(pair.better.instanceType) \(number(pair.better.utility)), \(pair.other.instanceType) "
            + "\(number(pair.other.utility))"
        return "the better machine has the \(rule) number (\(example)): the numbers are written for "
            + written.rawValue
            + (written == utility ? ", as the setting is" : "; set utility to \(written.rawValue)")
    }

    /// A number as a definition writes it.
    private func number(_ value: Double) -> String {
        (Int64(exactly: value).map(JSONValue.integer) ?? .number(value)).inline
    }

    private func scopesNotes(_ definition: WorkerTypeDefinition, _ workerType: String) -> [String] {
        let scopes = definition.scopesOfAllLayers
        guard !scopes.isEmpty else { return [] }
        let list = scopes.joined(separator: ", ")
        let meaning =
            "scopes: the original service ignored them since 2016; this program passes them to workers: \(list)"
        let problem =
            issuerFailure.map { "the scopes of the issuer of worker credentials are unknown: \($0)" }
            ?? issuer?.shortage(of: workerType, definition)?.text
        return [meaning] + (problem.map { ["scopes: \($0)"] } ?? [])
    }

    private func onDemandNotes(_ definition: WorkerTypeDefinition) -> [String] {
        guard definition.canUseOndemand else { return [] }
        return [
            "canUseOndemand: the original service ignored true; here on-demand instances are launched when no spot "
                + "capacity is available"
        ]
    }
}
