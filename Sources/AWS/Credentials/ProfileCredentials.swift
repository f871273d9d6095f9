import FoundationEssentials

/// The profile that `AWS_PROFILE` names, or `default`: keys, a role, a web identity, or a process.
struct ProfileCredentials: CredentialsSource {
    let context: CredentialsContext

    func credentials() async throws -> CredentialsResponse {
        let profiles = try SharedProfiles(environment: context.environment)
        let name = context["AWS_PROFILE"] ?? "default"
        guard let profile = profiles[name] else {
            if context["AWS_PROFILE"] == nil {
                return .absent("there is no profile default in \(profiles.paths)")
            }
            throw CredentialsError("the profile \(name)", "there is none in \(profiles.paths)")
        }
        if profile["role_arn"] != nil, profile["web_identity_token_file"] == nil {
            return .found(try await assume(profile, in: profiles, visited: [name]))
        }
        return try await own(profile) ?? .absent("the profile \(name) has no credentials")
    }

    /// The credentials of a profile without its source profile: a web identity, keys of the credentials file, a process,
    /// or keys of the config file, in this order.
    private func own(_ profile: SharedProfiles.Profile) async throws -> CredentialsResponse? {
        let source = "the profile \(profile.name)"
        if let file = profile["web_identity_token_file"] {
            guard let role = profile["role_arn"] else {
                throw CredentialsError(source, "it has a web_identity_token_file and no role_arn")
            }
            return try await WebIdentityCredentials.credentials(
                tokenFile: file, role: role, sessionName: profile["role_session_name"],
                sts: SecurityTokenService(context, profileRegion: profile["region"]), context)
        }
        if let keys = try keys(profile.credentials, source) { return keys }
        if let command = profile["credential_process"] {
            return try await CredentialProcess(command: command, source: source, context: context)
                .credentials()
        }
        if let keys = try keys(profile.config, source) { return keys }
        if let key = ["login_session", "sso_session", "sso_start_url"].first(where: { profile[$0] != nil }) {
            throw CredentialsError(
                source,
                "it has \(key), which signs in through a browser; let `credential_process = aws configure export-credentials "
                    + "--profile \(profile.name)` of another profile ask for it")
        }
        return nil
    }

    private func keys(_ values: [String: String], _ source: String) throws -> CredentialsResponse? {
        func value(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = value("aws_access_key_id") else { return nil }
        guard let secret = value("aws_secret_access_key") else {
            throw CredentialsError(source, "it has an aws_access_key_id and no aws_secret_access_key")
        }
        return .found(
            AWSCredentials(
                accessKeyId: id, secretAccessKey: secret, sessionToken: value("aws_session_token")))
    }

    /// Assumes the role of a profile with the credentials of its source.
    ///
    /// - Parameter visited: the chain of source profiles, this profile last.
    private func assume(
        _ profile: SharedProfiles.Profile, in profiles: SharedProfiles, visited: [String]
    ) async throws -> AWSCredentials {
        guard let role = profile["role_arn"] else {
            throw CredentialsError("the profile \(profile.name)", "it has no role_arn")
        }
        let source = "the profile \(profile.name) (role \(role))"
        let session = try session(profile, source)
        if profile["mfa_serial"] != nil {
            throw CredentialsError(source, "mfa_serial is not supported: it needs a code for each session")
        }
        let sourceCredentials: AWSCredentials
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let name?, nil):
            sourceCredentials = try await credentials(of: name, for: profile, in: profiles, visited: visited)
        case (nil, let name?): sourceCredentials = try await credentials(ofSource: name, source)
        case (nil, nil): throw CredentialsError(source, "it has neither source_profile nor credential_source")
        default: throw CredentialsError(source, "it has both source_profile and credential_source")
        }
        let sts = SecurityTokenService(context, profileRegion: profile["region"])
        let identity = ["role", sts.url, role, sourceCredentials.accessKeyId] + session.identity
        let response = try await context.cached(identity) {
            .found(try await sts.assumeRole(role, session, as: sourceCredentials, source: source))
        }
        guard case .found(let credentials) = response else { throw CredentialsError(source, "it has none") }
        return credentials
    }

    private func session(
        _ profile: SharedProfiles.Profile, _ source: String
    ) throws -> SecurityTokenService.Session {
        var session = SecurityTokenService.Session()
        if let name = profile["role_session_name"] { session.name = name }
        session.externalId = profile["external_id"]
        if let text = profile["duration_seconds"] {
            guard let seconds = Int(text), (900...43_200).contains(seconds) else {
                throw CredentialsError(source, "duration_seconds must be from 900 to 43200")
            }
            session.duration = seconds
        }
        return session
    }

    /// The credentials of a `source_profile`. Its keys take precedence over its role. A profile may name itself to use
    /// its own keys.
    private func credentials(
        of name: String, for profile: SharedProfiles.Profile, in profiles: SharedProfiles, visited: [String]
    ) async throws -> AWSCredentials {
        guard let next = profiles[name] else {
            throw CredentialsError(
                "the profile \(profile.name)", "its source_profile \(name) is not in \(profiles.paths)")
        }
        let isLoop = visited.contains(name) && (name != profile.name || !next.hasKeys)
        guard !isLoop else {
            throw CredentialsError(
                "the profile \(visited.first ?? name)",
                "its source_profiles form a cycle: "
                    + (visited + [name]).joined(separator: " -> "))
        }
        if next["role_arn"] != nil, next["web_identity_token_file"] == nil, !next.hasKeys {
            return try await assume(next, in: profiles, visited: visited + [name])
        }
        guard case .found(let credentials) = try await own(next) else {
            throw CredentialsError(
                "the profile \(profile.name)", "its source_profile \(name) has no credentials")
        }
        return credentials
    }

    /// The credentials of a `credential_source`.
    private func credentials(ofSource name: String, _ source: String) async throws -> AWSCredentials {
        let sources: [String: any CredentialsSource] = [
            "environment": EnvironmentCredentials(context: context),
            "ec2instancemetadata": InstanceCredentials(context: context),
            "ecscontainer": ContainerCredentials(context: context),
        ]
        guard let named = sources[name.lowercased()] else {
            throw CredentialsError(
                source,
                "credential_source must be Environment, Ec2InstanceMetadata or EcsContainer, and is \(name)")
        }
        switch try await named.credentials() {
        case .found(let credentials): return credentials
        case .absent(let reason):
            throw CredentialsError(source, "its credential_source \(name) has none: \(reason)")
        }
    }
}
