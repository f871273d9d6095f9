/// The Parameter Store of AWS Systems Manager (SSM), in which definitions may keep the ids of their images.
package protocol ParameterService: Sendable {
    /// Reads the values of parameters by their names, which may end with a version or a label. Parameters that do not
    /// exist are left out. Throws a `ServiceFailure`.
    func values(of names: [String], region: String) async throws -> [String: String]
}
