import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Storage

/// The check of definitions in EC2 before they are stored, as in the API.
struct LaunchCheckOptions: ParsableArguments {
    @Flag(
        help:
            "Do not ask EC2 whether the images and security groups exist. The setting validateLaunch is the default."
    )
    var offline = false

    /// A definition that is about to be stored.
    typealias Item = (name: String, definition: WorkerTypeDefinition)

    /// Throws if EC2 would refuse the launches of a definition. Prints a note if EC2 cannot be asked, and notes on parts of
    /// the definitions without effect.
    func check(_ items: [Item], _ deployment: DeploymentContext) async throws {
        for item in items {
            for note in Self.notes(on: item.definition, deployment.settings) {
                Terminal.printError("\(item.name): note: \(note)")
            }
        }
        guard deployment.settings.validateLaunch, !offline else { return }
        let check = LaunchCheck(deployment)
        var problems: [String] = []
        // Worker types often name the same images and groups.
        struct Resources: Hashable {
            let named: [String: NamedResources]
            let images: Set<ImageUse>
        }
        var known: [Resources: LaunchCheck.Findings] = [:]
        for item in items {
            do {
                let resources = Resources(
                    named: item.definition.namedResources, images: item.definition.imageUses)
                let isKnown = item.definition.launchTemplates.isEmpty
                let found =
                    if isKnown, let found = known[resources] { found } else {
                        try await check.findings(on: item.definition)
                    }
                known[resources] = found
                for note in found.notes { Terminal.printError("\(item.name): note: \(note)") }
                problems += found.problems.map { "\(item.name): \($0)" }
            } catch let failure as LaunchCheckUnavailable {
                // One outage would delay each further definition by the timeout of a call.
                Terminal.printError(
                    "note: EC2 was not asked for images, security groups and launch templates: \(failure.message)"
                )
                break
            }
        }
        if !problems.isEmpty { throw CommandFailure(.dataError, problems) }
    }

    /// Notes on regions that are not managed, on types of an unusual form and on prices above the setting maxBid.
    static func notes(on definition: WorkerTypeDefinition, _ settings: Settings) -> [String] {
        var notes: [String] = []
        let unmanaged = definition.regions.map(\.region).filter { !settings.regions.contains($0) }
        if !settings.regions.isEmpty, !unmanaged.isEmpty {
            notes.append(
                "regions: nothing is launched in \(unmanaged.joined(separator: ", ")): the setting regions has only "
                    + settings.regions.joined(separator: ", "))
        }
        let odd = definition.instanceTypes.map(\.instanceType).filter { InstanceTypeName($0) == nil }
        if !odd.isEmpty {
            notes.append(
                "instanceTypes: \(odd.joined(separator: ", ")): not the form of an instance type such as c5.4xlarge"
            )
        }
        let maxBid = settings.rules.maxBid.usd
        if definition.maxPrice > maxBid {
            notes.append(
                "maxPrice: \(definition.maxPrice) is above the setting maxBid \(maxBid), which limits each bid"
            )
        }
        return notes
    }
}
