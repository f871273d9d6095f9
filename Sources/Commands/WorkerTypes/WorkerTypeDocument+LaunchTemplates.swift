import Configuration
import Domain
import Platform

extension WorkerTypeDocument {
    /// Throws if EC2 does not have a launch template of the definition, or if one conflicts with it. EC2 is asked only
    /// for definitions with launch templates.
    func checkLaunchTemplates(_ deployment: DeploymentContext) async throws {
        guard deployment.settings.validateLaunch, !written.launchTemplates.isEmpty else { return }
        let problems: [String]
        do {
            problems = try await LaunchTemplateCheck(deployment).problems(with: written)
        } catch let failure as ServiceFailure {
            throw CommandFailure(
                .unavailable,
                "\(name): its launch templates cannot be read: \(failure); the setting validateLaunch = false stores the "
                    + "definition without this check")
        }
        if !problems.isEmpty { throw CommandFailure(.dataError, problems.map { "\(name): \($0)" }) }
    }
}
