import Domain
import HTML
import Reporting

/// Names the worker types whose instances may accept IMDSv1, as advice.
struct MetadataSection {
    /// The names of the worker types.
    let workerTypes: [String]

    /// - Parameter tokens: the setting of the deployment.
    init(_ overview: Overview, tokens: MetadataTokens) {
        workerTypes = overview.lines.map(\.type).filter { tokens.allowsVersion1($0.definition) }.map(\.name)
    }

    var markup: Markup {
        guard !workerTypes.isEmpty else { return Markup() }
        return tag("section", ["aria-labelledby": "metadata"]) {
            tag("h2", ["id": "metadata"], "Instance metadata")
            tag(
                "p", [:],
                "Instances of these worker types may accept IMDSv1: \(workerTypes.joined(separator: ", ")).")
            tag(
                "p", ["class": "dim small"],
                "Advice: if their workers use IMDSv2, set metadataTokens to required.")
        }
    }
}
