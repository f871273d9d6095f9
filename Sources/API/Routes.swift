extension Route {
    private static let manage = "aws-provisioner:manage-worker-type:<workerType>"

    /// All methods. What is routed, what the reference says, and what schemas are served follow from this table.
    static let all: [Route] = [
        Route(
            "listWorkerTypeSummaries", "GET", "/list-worker-type-summaries",
            "List worker types with details", category: "Worker types", output: .workerTypeSummaries,
            description: "Return a list of worker types, including some summary information about current "
                + "capacity for each. While this list includes all defined worker types, there may be running "
                + "EC2 instances for deleted worker types that are not included here.",
            respond: FleetHandlers.summaries),
        Route(
            "createWorkerType", "PUT", "/worker-type/<workerType>", "Create new Worker Type",
            category: "Worker types", scope: manage, input: .createWorkerType, output: .workerType,
            description: "Create a worker type. The same definition again answers what is stored; another "
                + "definition for a worker type that exists is a conflict. The caller's scopes must satisfy all scopes in it.",
            handler: WorkerTypeHandlers.create),
        Route(
            "updateWorkerType", "POST", "/worker-type/<workerType>/update", "Update Worker Type",
            category: "Worker types", scope: manage, input: .createWorkerType, output: .workerType,
            description:
                "Replace the definition of a worker type that exists. The caller's scopes must satisfy the "
                + "scopes that are new in it.",
            handler: WorkerTypeHandlers.update),
        Route(
            "workerTypeLastModified", "GET", "/worker-type-last-modified/<workerType>",
            "Get Worker Type Last Modified Time", category: "Worker types", output: .lastModified,
            description: "When a worker type's definition last changed: enough to know whether to fetch it.",
            respond: WorkerTypeHandlers.lastModified),
        Route(
            "workerType", "GET", "/worker-type/<workerType>", "Get Worker Type", category: "Worker types",
            output: .workerType,
            description:
                "The definition of a worker type. The values of its secrets are shown to a caller with the scope "
                + "aws-provisioner:manage-worker-type:<workerType> or aws-provisioner:view-worker-type:<workerType>; others get "
                + "the placeholder \"<secret>\".",
            handler: WorkerTypeHandlers.get),
        Route(
            "removeWorkerType", "DELETE", "/worker-type/<workerType>", "Delete Worker Type",
            category: "Worker types", scope: manage,
            description:
                "Remove a worker type, whether it exists or not. The next iteration cancels its spot "
                + "requests and terminates its instances.",
            respond: WorkerTypeHandlers.remove),
        Route(
            "listWorkerTypes", "GET", "/list-worker-types", "List Worker Types", category: "Worker types",
            output: .workerTypes, description: "The names of all worker types.",
            respond: WorkerTypeHandlers.list),
        Route(
            "createSecret", "PUT", "/secret/<token>", "Create new Secret", category: "Secrets",
            scope: "aws-provisioner:create-secret:<workerType>", input: .createSecret,
            description: "Store a secret under a token. The same again is accepted, another one for the same "
                + "token is a conflict. The caller's scopes must satisfy its scopes, and the secret ends with the "
                + "client that created it.",
            respond: SecretHandlers.create),
        Route(
            "getSecret", "GET", "/secret/<token>", "Get a Secret", category: "Secrets",
            output: .secret,
            description: "Fetch a secret, its scopes and temporary credentials for them. Each can be fetched "
                + "once; the token is the right to do so.", takesHead: false,
            respond: SecretHandlers.get),
        Route(
            "instanceStarted", "GET", "/instance-started/<instanceId>/<token>",
            "Report an instance starting", category: "Secrets",
            description: "An instance reports that it has come up. The token belongs to the first that does.",
            takesHead: false,
            respond: SecretHandlers.instanceStarted),
        Route(
            "removeSecret", "DELETE", "/secret/<token>", "Remove a Secret", category: "Secrets",
            description: "Remove a secret, whether it exists or not.",
            respond: SecretHandlers.remove),
        Route(
            "getLaunchSpecs", "GET", "/worker-type/<workerType>/launch-specifications",
            "Get All Launch Specifications for WorkerType", category: "State",
            stability: .experimental, output: .launchSpecs,
            description:
                "A preview of the launch specification of every region and instance type. The values of secrets are "
                + "shown as by workerType.",
            handler: WorkerTypeHandlers.launchSpecs),
        Route(
            "state", "GET", "/state/<workerType>", "Get AWS State for a worker type", category: "State",
            output: .state, description: "What EC2 shows of a worker type, as the last iteration saw it.",
            respond: FleetHandlers.state),
        Route(
            "backendStatus", "GET", "/backend-status", "Backend Status", category: "State",
            stability: .experimental, output: .backendStatus,
            description: "Whether iterations run, and when the last one ended.",
            respond: ServiceHandlers.backendStatus),
        Route(
            "ping", "GET", "/ping", "Ping Server", category: "Ping Server",
            description: "Answers while the service is up.", respond: ServiceHandlers.ping),
    ]
}
