package import Formats

/// The deployment's rule for session tokens of the instance metadata service (IMDSv2). A definition with
/// `MetadataOptions.HttpTokens` takes precedence.
package enum MetadataTokens: String, Codable, Sendable, CaseIterable {
    /// No option is sent: the image and the account decide. The workers of the original service use IMDSv1.
    case account
    /// Instances refuse requests without a session token.
    case required
    /// Instances accept requests without a session token.
    case optional

    /// Adds the option to the parameters of RunInstances. RequestSpotInstances does not support it.
    package func applied(to specification: JSONObject) -> JSONObject {
        guard self != .account else { return specification }
        var options = specification["MetadataOptions"]?.objectValue ?? [:]
        guard options["HttpTokens"] == nil, options["HttpEndpoint"] != "disabled" else {
            return specification
        }
        options["HttpTokens"] = .string(rawValue)
        var specification = specification
        specification["MetadataOptions"] = .object(options)
        return specification
    }

    /// Whether some instance of a worker type may accept requests without a session token.
    package func allowsVersion1(_ definition: WorkerTypeDefinition) -> Bool {
        definition.previewPools.contains { pool in
            let own = PoolLayers(definition, pool: pool).specification
            let options = applied(to: own)["MetadataOptions"]?.objectValue ?? [:]
            return options["HttpTokens"] != "required" && options["HttpEndpoint"] != "disabled"
        }
    }
}
