import CGI
import Domain
import Formats
import FoundationEssentials
import Storage
import Taskcluster

/// The methods for worker types: create, update, read, remove, preview.
enum WorkerTypeHandlers {
    static func list(_ call: RequestContext) throws -> CGIResponse {
        try RequestContext.json(.array(try call.service.database().workerTypes.names().map(JSONValue.string)))
    }

    static func get(_ call: RequestContext) throws -> HandlerResult {
        try showingSecrets(of: try find(call)) { try RequestContext.json($0.json) }
    }

    /// Responds with the values of secrets to callers with a scope for them, and with placeholders to all others.
    private static func showingSecrets(
        of type: WorkerType, respond: @escaping @Sendable (WorkerType) throws -> CGIResponse
    ) throws -> HandlerResult {
        var hidden = type
        hidden.definition = type.definition.hidingSecrets
        // Without secrets the response is the same for every caller.
        guard hidden.definition != type.definition else { return .response(try respond(type)) }
        let redacted = hidden
        return .forCaller { caller in
            let isEntitled = ["manage", "view"].contains {
                caller.scopes.satisfy("aws-provisioner:\($0)-worker-type:\(type.name)")
            }
            return try respond(isEntitled ? type : redacted)
        }
    }

    static func lastModified(_ call: RequestContext) throws -> CGIResponse {
        let type = try find(call)
        return try RequestContext.json([
            "workerType": .string(type.name), "lastModified": .string(type.lastModified.timestamp),
        ])
    }

    static func create(_ call: RequestContext) throws -> HandlerResult {
        let definition = try read(call)
        try call.requireScopes(definition.scopesOfAllLayers)
        // For an existing worker type, the response does not depend on EC2. Placeholders have values in the stored
        // definition.
        if call.service.launchProblems != nil || definition.hasPlaceholders,
            let existing = try call.service.database().workerTypes.get(call["workerType"])
        {
            return .response(try same(existing, try filled(definition, from: existing)))
        }
        let filled = try filled(definition, from: nil)
        return .afterLaunchCheck(filled) { try store(filled, call) }
    }

    private static func store(_ definition: WorkerTypeDefinition, _ call: RequestContext) throws
        -> CGIResponse
    {
        switch try call.service.database().workerTypes.create(
            call["workerType"], definition, by: call.author, now: call.service.now)
        {
        case .created(let type): return try RequestContext.json(type.json)
        case .exists(let type): return try same(type, definition)
        case .tooMany:
            throw APIError(
                .requestConflict,
                "There are \(WorkerTypeStore.most) worker types, which is the maximum: remove one before you create one"
            )
        }
    }

    static func update(_ call: RequestContext) throws -> HandlerResult {
        let definition = try read(call)
        // The scopes are checked before EC2 is called.
        if call.service.launchProblems != nil {
            try checkScopes(definition, over: try findReadable(call), call)
        }
        return .afterLaunchCheck(definition) {
            let updated = try call.service.database().workerTypes.update(
                call["workerType"], by: call.author, now: call.service.now
            ) { stored in
                try checkScopes(definition, over: stored, call)
                return try filled(definition, from: stored)
            }
            guard let updated else { throw notFound(call) }
            return try RequestContext.json(updated.json)
        }
    }

    static func remove(_ call: RequestContext) throws -> CGIResponse {
        try call.service.database().workerTypes.remove(
            call["workerType"], by: call.author, now: call.service.now)
        return RequestContext.noContent
    }

    /// A preview of the launches: one zone for each region, a price and bid of 1, and a token without a secret.
    static func launchSpecs(_ call: RequestContext) throws -> HandlerResult {
        let type = try find(call)
        // An earlier version stored definitions of any size.
        guard type.definition.poolCount <= DocumentLimits.pools else { throw tooLarge }
        return try showingSecrets(of: type) { try preview(of: $0, call.service) }
    }

    private static func preview(of type: WorkerType, _ service: APIDependencies) throws -> CGIResponse {
        let keyName = try service.keyName()
        var regions: JSONObject = [:]
        var size = 0
        var seen: Set<String> = []
        for pool in type.definition.previewPools {
            // The first of several named zones.
            guard seen.insert(pool.region + "/" + pool.instanceType).inserted else { continue }
            let merged = LaunchSpecification(type.definition, pool: pool, keyName: keyName)
            let token = SlugID.make(random: try service.random(16))
            let userData = GeneratedUserData(
                workerType: type, pool: pool,
                capacity: type.definition.instanceTypes.first { $0.instanceType == pool.instanceType }?
                    .capacity
                    ?? 1, data: merged.userData, price: Price(usd: 1), spotBid: Price(usd: 1),
                provisionerId: service.ownership.provisionerId, provisionerBaseUrl: service.baseUrl,
                taskclusterRootUrl: service.rootUrl, securityToken: token, generatedAt: service.now
            ).json
            var specification = merged.specification
            specification["UserData"] = .string(try userData.serialized().base64EncodedString())
            var types = regions[pool.region]?.objectValue ?? [:]
            let preview: JSONValue = [
                "launchSpec": .object(specification), "secrets": .object(merged.secrets),
                "scopes": .array(merged.scopes.map(JSONValue.string)), "userData": userData,
                "securityToken": .string(token), "workerType": .string(type.name),
            ]
            size += preview.serializedSize
            guard size <= DocumentLimits.previewSize else { throw tooLarge }
            types[pool.instanceType] = preview
            regions[pool.region] = .object(types)
        }
        return try RequestContext.json(.object(regions))
    }

    private static let tooLarge = APIError(
        .inputError,
        "The launch specifications of this worker type have more than \(DocumentLimits.previewSize) bytes, or "
            + "more than \(DocumentLimits.pools) pools, and are not shown")

    static func find(_ call: RequestContext) throws -> WorkerType {
        guard let type = try call.service.database().workerTypes.get(call["workerType"]) else {
            throw notFound(call)
        }
        return type
    }

    /// The stored worker type; nil if its definition cannot be read.
    private static func findReadable(_ call: RequestContext) throws -> WorkerType? {
        do {
            return try find(call)
        } catch StorageError.corrupt {
            return nil
        }
    }

    static func notFound(_ call: RequestContext) -> APIError {
        APIError(.resourceNotFound, "There is no worker type \(call["workerType"])")
    }

    /// Reads the definition from a body. Throws if this deployment cannot launch it.
    private static func read(_ call: RequestContext) throws -> WorkerTypeDefinition {
        let definition: WorkerTypeDefinition
        do {
            definition = try WorkerTypeDefinition(validating: call.body)
        } catch {
            throw APIError(error)
        }
        let problems = definition.launchProblems(
            named: call["workerType"], with: call.service.launchSettings)
        if !problems.isEmpty {
            throw APIError(.inputError, "Not a launchable worker type:", listing: problems)
        }
        return definition
    }

    /// The definition with the stored value in place of each placeholder of a secret.
    private static func filled(
        _ definition: WorkerTypeDefinition, from stored: WorkerType?
    ) throws -> WorkerTypeDefinition {
        let (filled, missing) = definition.takingSecrets(from: stored?.definition)
        guard missing.isEmpty else {
            throw APIError(
                .inputError, "Not a valid worker type:",
                listing: missing.map {
                    "\($0): \"<secret>\" stands for a stored value, and no value is stored"
                })
        }
        do { try filled.checkSize() } catch { throw APIError(error) }
        return filled
    }

    /// Checks the scopes that a new definition gives to workers, without the scopes of the stored definition.
    private static func checkScopes(
        _ definition: WorkerTypeDefinition, over stored: WorkerType?, _ call: RequestContext
    ) throws {
        let before = Scopes(stored?.definition.scopesOfAllLayers ?? [])
        try call.requireScopes(before.missing(of: definition.scopesOfAllLayers))
    }

    private static func same(_ type: WorkerType, _ definition: WorkerTypeDefinition) throws -> CGIResponse {
        guard type.definition.isSame(as: definition) else {
            throw APIError(
                .requestConflict, "The worker type \(type.name) exists with another definition")
        }
        return try RequestContext.json(type.json)
    }
}
