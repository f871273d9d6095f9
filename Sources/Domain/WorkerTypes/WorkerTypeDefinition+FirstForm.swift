import Formats

extension WorkerTypeDefinition {
    /// Throws for the form that the original service used before June 2015. Its members mean other things, so that
    /// further problems would mislead.
    static func refuseFirstForm(_ document: JSONValue) throws(WorkerTypeProblems) {
        guard let object = document.objectValue else { return }
        func overwrites(_ list: String) -> Bool {
            object[list]?.arrayValue?.contains { $0.objectValue?["overwrites"] != nil } ?? false
        }
        var members: [String] = []
        if object["launchSpecification"] != nil { members.append("launchSpecification") }
        if object["overwrites"] != nil
            || ["instanceTypes", "regions", "availabilityZones"].contains(where: overwrites)
        {
            members.append("overwrites")
        }
        if members.isEmpty { return }
        throw WorkerTypeProblems(problems: [
            WorkerTypeProblem(
                kind: .schema, path: members.joined(separator: ", "),
                message:
                    "belongs to the form of definitions before June 2015, which is not supported: rewrite the "
                    + "definition with launchSpec, userData, secrets and scopes")
        ])
    }
}
