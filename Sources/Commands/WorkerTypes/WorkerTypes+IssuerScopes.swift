import Configuration
import FoundationEssentials
import Platform
import Storage

extension WorkerTypes.Validate {
    /// Prints the worker types whose scopes the issuer does not have, on standard error. Prints nothing where no
    /// deployment is set up: definitions can be validated elsewhere.
    func reportScopes(of documents: [WorkerTypeDocument]) async {
        guard let deployment = try? DeploymentContext.ofThisProcess() else { return }
        let database = try? deployment.openDatabase(.readOnly)
        do {
            let issuer = try await IssuerScopes(
                deployment, http: deployment.interactiveHTTPClient(), clients: try? database?.clients.list())
            guard let issuer else { return }
            for document in documents {
                if let shortage = issuer.shortage(of: document.name, document.written) {
                    Terminal.printError("\(document.name): note: \(shortage.text)")
                }
            }
        } catch {
            Terminal.printError(
                "note: the scopes of the issuer of worker credentials are unknown: \("\(error)")")
        }
    }
}
